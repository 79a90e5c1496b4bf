"""Writes from pages that hold only for what the person has seen: the counterpart of `If-Match` in the API."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases import custody
from cases.models import Case
from stakeholders.models import Membership


def at_version(service: Callable[..., Case], version: str) -> Callable[..., Case]:
    """The service, refusing with ValidationError where the case has another version by now."""

    def serve(case: Case, *, by: Membership, **given: Any) -> Case:
        refusal = ValidationError(_("The case has changed since you opened this page."), code="changed")
        with custody.seen(case, lambda found: str(found.version) == version, refusal):
            return service(case, by=by, **given)

    return serve
