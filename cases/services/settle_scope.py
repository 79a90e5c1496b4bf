"""Settle who leads somewhere from now on: the ledger, its episodes and the cases that waited for it, all at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import bookkeeping, custody, routing
from cases.consequences import decided_by
from cases.history import Line
from cases.models import Case, CaseEvent
from cases.rulebook import Rulebook
from stakeholders import episodes
from stakeholders.coverage import Answer
from stakeholders.ledger import ledger_at, scope_of
from stakeholders.models import Area, Building, Estate, Membership, NeedClass, NeedItem, Party, Ruling
from stakeholders.reach import Reach, reach_of
from stakeholders.services.rule_on_scope import rule_on_scope

BATCH = 500
LAST = datetime.max.replace(tzinfo=UTC)


@transaction.atomic
def settle_scope(  # noqa: PLR0913 -- each is a field of the record
    lead: Party,
    *,
    reason: str,
    by: Membership,
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    area: Area | None = None,
    estate: Estate | None = None,
    building: Building | None = None,
    need_class: NeedClass | None = None,
    need_item: NeedItem | None = None,
    document_no: str = "",
    keep: Case | None = None,
    at: datetime | None = None,
) -> Ruling:
    """Rule on a scope, close the episodes that this ends, and give the cases that wait there to `lead`.

    Waiting are the cases for which the ledger did not name one lead, those that a party returned, and those in dispute;
    but not `keep`, which the caller moves itself. A case that a
    party holds stays with it: that one has begun, and its time is charged to it; `reassign_case` moves it. Deadlines
    to resolve run on. A ruling that begins later moves nothing now; `sweep_unowned` does when it begins. Raises what
    `rule_on_scope` raises, and ValidationError when the same is ruled already, the caller names no other beginning and
    no case waits for it.
    """
    at = at or timezone.now()
    ruling = rule_on_scope(
        lead,
        reason=reason,
        by=by,
        valid_from=valid_from,
        valid_until=valid_until,
        area=area,
        estate=estate,
        building=building,
        need_class=need_class,
        need_item=need_item,
        document_no=document_no,
        at=at,
    )
    scope = scope_of(ruling.area_id, ruling.estate_id, ruling.building_id, ruling.need_class_id, ruling.need_item_id)
    reaches = reach_of([scope])
    # Whoever rules on the same waits here, all estates at one stroke and before any case, so that none waits in a ring.
    episodes.lock([each for reach in reaches for each in reach.estates])
    for reach in episodes.chunks(reaches):
        episodes.bring_up(reach)
    rules = Rulebook()
    if not sum(_hand_over(reach, ruling, rules, keep, at) for reach in reaches) and keep is None:
        _refuse_repetition(ruling, is_dated=valid_from is not None)
    return ruling


def _refuse_repetition(ruling: Ruling, *, is_dated: bool) -> None:
    """Refuse what a form that is sent twice would write: the same lead for the same scope, as is ruled already.

    Who names a beginning repeats only what begins and ends at the same moments. What a later ruling for somebody else
    has overtaken may be ruled again.
    """
    scope = {name: getattr(ruling, name) for name in ("area", "estate", "building", "need_class", "need_item")}
    since, until = ruling.valid_from, ruling.valid_until
    alike = Ruling.objects.known_on().exclude(pk=ruling.pk).filter(**scope)
    meanwhile = alike.exclude(valid_until__lte=since)
    if until is not None:
        meanwhile = meanwhile.filter(valid_from__lt=until)
    for each in meanwhile.order_by("-decided_at", "-pk"):
        if each.lead_id != ruling.lead_id:
            return
        covers = each.valid_from <= since and (each.valid_until or LAST) >= (until or LAST)
        if (each.valid_from, each.valid_until) == (since, until) or (covers and not is_dated):
            raise ValidationError(
                {"lead": ValidationError(_("It is ruled already that this party leads."), code="unchanged")}
            )


def _hand_over(reach: Reach, ruling: Ruling, rules: Rulebook, keep: Case | None, at: datetime) -> int:
    """Give every waiting case to the lead, batch by batch in the order in which every service locks cases.

    Return how many there were.
    """
    waiting = Case.objects.to_be_ruled().within(reach).for_detail().select_for_update(of=("self",)).order_by("pk")
    if keep is not None:
        waiting = waiting.exclude(pk=keep.pk)
    ledger = ledger_at(at, estates=reach.estates)
    handed = last = 0
    while batch := list(waiting.filter(pk__gt=last)[:BATCH]):
        decided = decided_by(ruling.pk, batch, ledger)
        _hand_on(decided, ruling, rules, at)
        handed, last = handed + len(decided), batch[-1].pk
    return handed


def _hand_on(decided: Sequence[tuple[Case, Answer]], ruling: Ruling, rules: Rulebook, at: datetime) -> None:
    """Do so for one batch. A backstop that is to lead keeps what it has, and only the finding goes.

    It is ruled on each of these cases, too: the lead cannot return it, and it is passed back and forth no more.
    """
    cases = [case for case, _answer in decided]
    previous = {case.pk: case.lead for case in cases}
    handed = [case for case in cases if case.lead_id != ruling.lead_id]
    custody.hand_all(handed, ruling.lead, rules, at=at)
    for case in handed:
        case.stage = Case.Stage.DISPATCHED
    for case in cases:
        case.responsibility, case.ruled_at = Case.Responsibility.HELD, at
    _name_supports(decided, ruling, at)
    entries = [(case, [_line(ruling, previous[case.pk], at)]) for case in cases]
    bookkeeping.enter_all(entries, at=at, changed=routing.FIELDS, rules=rules)


def _name_supports(decided: Sequence[tuple[Case, Answer]], ruling: Ruling, at: datetime) -> None:
    named = {pk for _case, answer in decided for pk in answer.supports} - {ruling.lead_id}
    parties: Mapping[int, Party] = Party.objects.in_bulk(named)
    custody.support_all(
        custody.new_support(case, parties[pk], at=at)
        for case, answer in decided
        for pk in answer.supports
        if pk in parties
    )


def _line(ruling: Ruling, previous: Party | None, at: datetime) -> Line:
    details = {
        "previous": previous.code if previous else None,
        "lead": ruling.lead.code,
        "ruling": ruling.pk,
        "reason": ruling.reason,
        "document_no": ruling.document_no,
        "until": ruling.valid_until,
    }
    return Line(CaseEvent.Kind.RULED, at, ruling.recorded_by, details)
