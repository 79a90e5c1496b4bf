"""What becomes of every report, whoever brings it: a case with a number, a lead and clocks."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, clocks
from cases.attaching import line_of
from cases.history import Line
from cases.models import Attachment, Case, CaseEvent, NumberSeries
from cases.routing import NewRoutes
from cases.rulebook import Rulebook
from stakeholders.models import Building, Estate, Household, Membership, NeedItem
from stakeholders.search import searchable
from stakeholders.years import OUTSIDE, is_meant

# What no person types: drawn here, or chosen from rows that exist
NOT_TYPED = {field.name for field in Case._meta.fields if field.is_relation or not field.editable} | {"number"}
VISIBLE = "LNPS"  # letters, numbers, punctuation and symbols, as Unicode groups its characters


def open_case(  # noqa: PLR0913 -- each is a field of the record
    *,
    title: str,
    estate: Estate,
    by: Membership | None,
    need_item: NeedItem | None = None,
    building: Building | None = None,
    household: Household | None = None,
    description: str = "",
    location_note: str = "",
    urgency: str = "",
    channel: str = Case.Channel.GRID,
    external_id: str = "",
    reported_at: datetime | None = None,
    reporter_name: str = "",
    reporter_phone: str = "",
    reporter_is_anonymous: bool = False,
    attachments: Sequence[Attachment] = (),
    at: datetime | None = None,
) -> Case:
    """Make a case out of a report, route it and return it; call it inside a transaction.

    Who may report is asked by the services; `by` is None for somebody without an account. Without `urgency` it takes
    that of the item; without `need_item` it waits to be classified. `reported_at` is when the reporter spoke up, `at`
    when it is logged; both are now unless given. The files of `attachments` are written already. Raises
    ValidationError by field name for input that makes no sense.
    """
    at = at or timezone.now()
    reported_at = reported_at or at
    _check(title, estate, building, household, reported_at, at)
    case = Case(
        title=title.strip(),
        description=description.strip(),
        channel=channel,
        external_id=external_id.strip(),
        need_item=need_item,
        urgency=urgency or (need_item.urgency if need_item else Case.urgency.field.default),
        area=estate.area,
        grid=building.grid if building else estate.grid,
        estate=estate,
        building=building,
        household=household,
        location_note=location_note.strip(),
        reporter_name="" if reporter_is_anonymous else reporter_name.strip(),
        reporter_phone="" if reporter_is_anonymous else reporter_phone.strip(),
        reporter_is_anonymous=reporter_is_anonymous,
        logged_by=by,
        responsibility=Case.Responsibility.UNLOCATED,
        stage=Case.Stage.OPENED,
        reported_at=reported_at,
        opened_at=at,
    )
    case.clean_fields(exclude=NOT_TYPED)
    if case.external_id and Case.objects.known_as(case.channel, [case.external_id]).exists():
        reason = _("This channel has sent a case with this number already.")
        raise ValidationError({"external_id": ValidationError(reason, code="taken")})
    [case.number] = NumberSeries.objects.draw(timezone.localdate(at))
    case.search_text = searchable(case.number, case.title, case.description, case.place, case.location_note)
    rules = Rulebook()
    clocks.start_clocks(case, rules, at=at)
    routes = NewRoutes([case], rules, at=at)
    reported: dict[str, Any] = {"channel": case.channel}
    opened = {"due_at": case.resolve_due_at} if case.resolve_due_at else {}
    lines = [Line(CaseEvent.Kind.REPORTED, reported_at, by, reported), Line(CaseEvent.Kind.OPENED, at, None, opened)]
    bookkeeping.begin([(case, [*lines, *routes.lines[case.number]])])
    routes.save()
    if attachments:
        bookkeeping.enter(case, *(line_of(_kept(each, case, at)) for each in attachments), at=at, rules=rules)
    return case


def _kept(attachment: Attachment, case: Case, at: datetime) -> Attachment:
    attachment.case, attachment.by, attachment.at = case, case.logged_by, at
    attachment.save()
    return attachment


def shows_something(title: str) -> bool:
    """Say whether a title has more than blanks and signs that nobody sees."""
    return any(unicodedata.category(sign)[0] in VISIBLE for sign in title)


def _check(
    title: str,
    estate: Estate,
    building: Building | None,
    household: Household | None,
    reported_at: datetime,
    at: datetime,
) -> None:
    problems: dict[str, str] = {}
    if title.strip() and not shows_something(title):
        problems["title"] = _("There is nothing to be seen in it.")
    if building is not None and building.estate_id != estate.pk:
        problems["building"] = _("This building is not part of the estate.")
    if household is not None and (building is None or household.building_id != building.pk):
        problems["household"] = _("This household is not in the building.")
    if reported_at > at:
        problems["reported_at"] = _("A report cannot lie in the future.")
    if not is_meant(reported_at):
        problems["reported_at"] = str(OUTSIDE)
    if problems:
        raise ValidationError(problems)
