"""Which parties somebody meets: those of the own area, and those that cases lead to."""

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, Custody
from stakeholders.models import Membership, Party
from stakeholders.models.party import PartyQuerySet


def parties_met_by(membership: Membership) -> PartyQuerySet:
    """Parties that this membership sees, and those that have, or had, to do with a case that it sees.

    So every code that a list or a figure names can be asked for, and no other.
    """
    with_them = Custody.objects.filter(party=OuterRef("pk"), case__in=Case.objects.visible_to(membership))
    return Party.objects.filter(Q(pk__in=Party.objects.visible_to(membership).values("pk")) | Exists(with_them))
