"""Put right what was reported: the words of a case, how urgent it is, who spoke up."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, clocks, custody, policies
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.opening import NOT_TYPED, shows_something
from cases.rulebook import Rulebook
from cases.workflow import Action
from stakeholders.models import Household, Membership
from stakeholders.search import searchable

FIELDS = (
    *("title", "description", "location_note", "urgency", "household", "external_id"),
    *("reporter_name", "reporter_phone", "reporter_is_anonymous"),
)
# What the history may tell in full: neither about a person nor in somebody's own words
PLAIN = ("urgency", "external_id")


class Correction(TypedDict, total=False):
    """What is to be another; what is left out stays."""

    title: str
    description: str
    location_note: str
    urgency: str
    household: Household | None
    external_id: str
    reporter_name: str
    reporter_phone: str
    reporter_is_anonymous: bool


@transaction.atomic
def correct_case(
    case: Case, *, by: Membership, reason: str = "", at: datetime | None = None, **given: Unpack[Correction]
) -> Case:
    """Put right what of a case was written down wrongly, and return it; its place and item are another action's.

    Another urgency sets the deadlines by the rule that fits now, from when the clocks began, with the extensions and
    holds they had. The history says which fields changed, and nothing of persons. Raises ValidationError by field name
    for what makes no sense, and with the code `unchanged` where everything is so already.
    """
    case = custody.locked(case, by=by)
    at = at or timezone.now()
    policies.permit(by, case, Action.CORRECT)
    before = _values(case)
    _put(case, given)
    changed = [name for name in FIELDS if getattr(case, name) != before[name]]
    if not changed:
        raise ValidationError(_("Nothing would change."), code="unchanged")
    _check(case, changed)
    case.search_text = searchable(case.number, case.title, case.description, case.place, case.location_note)
    rules, due_at = Rulebook(), case.resolve_due_at
    if "urgency" in changed:
        clocks.reclassify(case, rules, since=case.cycle_began_at)
    details = _told(before, _values(case), changed) | ({"reason": reason} if reason else {})
    if case.resolve_due_at != due_at:
        details["due_at"] = case.resolve_due_at
    line = Line(CaseEvent.Kind.CORRECTED, at, by, details)
    bookkeeping.enter(case, line, at=at, changed=(*changed, "search_text", *clocks.FIELDS), rules=rules)
    return case


def _values(case: Case) -> dict[str, Any]:
    return {name: getattr(case, name) for name in FIELDS}


def _put(case: Case, given: Correction) -> None:
    for name, value in given.items():
        setattr(case, name, value.strip() if isinstance(value, str) else value)
    if given.get("reporter_is_anonymous"):
        case.reporter_name = case.reporter_phone = ""


def _check(case: Case, changed: list[str]) -> None:
    case.clean_fields(exclude={field.name for field in Case._meta.fields} - set(changed) | NOT_TYPED)
    problems: dict[str, str] = {}
    if not shows_something(case.title):
        problems["title"] = _("There is nothing to be seen in it.")
    if "household" in changed and case.household is not None and case.household.building_id != case.building_id:
        problems["household"] = _("This household is not in the building.")
    if case.reporter_is_anonymous and case.has_reporter:
        problems["reporter_name"] = _("Who does not want to be named is not; say first that this has changed.")
    if "urgency" in changed and case.resolved_at is not None:
        problems["urgency"] = _("It is resolved: how urgent it was stays as it is.")
    if "external_id" in changed and _is_known(case):
        problems["external_id"] = _("This channel has sent a case with this number already.")
    if problems:
        raise ValidationError(problems)


def _is_known(case: Case) -> bool:
    return Case.objects.known_as(case.channel, [case.external_id]).exclude(pk=case.pk).exists()


def _told(before: dict[str, Any], after: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    """The names of what changed, those of the reporter as one, and the values that are nobody's business but ours."""
    names = dict.fromkeys("reporter" if name.startswith("reporter_") else name for name in changed)
    told = [name for name in PLAIN if name in changed]
    values = {"before": {name: before[name] for name in told}, "after": {name: after[name] for name in told}}
    return {"fields": list(names)} | (values if told else {})
