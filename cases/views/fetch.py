"""The one way in which a page gets at a case."""

from django.http import Http404
from django.utils.translation import gettext as _

from cases.models import Case
from stakeholders.models import Membership


def get_case(membership: Membership, number: str) -> Case:
    """Return the case with this number; 404 unless the membership may see it."""
    try:
        return Case.objects.visible_to(membership).for_detail().get(number=number)
    except Case.DoesNotExist as missing:
        raise Http404(_("The address may be wrong, or the case lies outside your area.")) from missing
