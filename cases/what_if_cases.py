"""Which past cases would not have had to wait, had drafts of the ledger held when they came."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from cases.models import Case, Custody, Finding
from stakeholders.coverage import Cell, State
from stakeholders.dated import DatedLedger
from stakeholders.ledger import records_of
from stakeholders.models import Estate, Membership, Party
from stakeholders.segments import Period
from stakeholders.what_if import Draft, with_draft

QUARTER = timedelta(days=90)
BEGINNING = datetime.min.replace(tzinfo=UTC)
WAITED_FOR = (Finding.Kind.VACUUM, Finding.Kind.MULTI_HEAD, Finding.Kind.BACKSTOP)


@dataclass(frozen=True)
class Hindsight:
    """How many cases waited because not exactly one party led, and which of them would have gone out at once."""

    considered: int
    routed: list[tuple[Case, Party]]  # with the party that would have led, latest report first


def cases_of_last_quarter(draft: Draft, *, by: Membership, at: datetime | None = None) -> Hindsight:
    """Ask the ledger again for the cases of the 90 days before `at`, taking the drafts as if they had always held.

    Looked at are the cases that `by` sees and that no party led before it was found that none, several or only a
    backstop answered. The ledger is taken as it is known now, so that what a later correction has settled already
    is not put down to the drafts. Before a day to come lie the last 90 days that are known. Five queries for any
    number.
    """
    now = timezone.now()
    waited = list(_waited(by, min(at or now, now)))
    known = records_of(list({each.estate.pk: each.estate for each in waited}.values()))
    before, after = DatedLedger(known), DatedLedger(with_draft(known, _always(draft)))
    led = []
    for each in waited:
        answer = after.answer(each.cell, each.asked_at)
        if answer.state is State.CLEAR and before.answer(each.cell, each.asked_at).state is not State.CLEAR:
            led.append((each.case, answer.leads[0]))
    parties = Party.objects.in_bulk({pk for _case, pk in led})
    return Hindsight(len(waited), [(case, parties[pk]) for case, pk in led])


@dataclass(frozen=True)
class _Waiting:
    """A case that waited, where it hangs in the ledger, and when that was asked."""

    case: Case
    estate: Estate
    cell: Cell
    asked_at: datetime


def _waited(by: Membership, until: datetime) -> Iterator[_Waiting]:
    """The cases that waited, each with what was found first, latest report first; one query."""
    cases = Case.objects.visible_to(by).filter(reported_at__gte=until - QUARTER, reported_at__lt=until)
    led_before = Custody.objects.filter(case=OuterRef("case"), role=Custody.Role.LEAD, since__lt=OuterRef("opened_at"))
    found = Finding.objects.filter(~Exists(led_before), kind__in=WAITED_FOR, case__in=cases.order_by())
    named = found.select_related("case__estate", "case__building", "case__need_item")
    seen = set()
    for finding in named.order_by("-case__reported_at", "-case_id", "opened_at", "id"):
        case, estate, item = finding.case, finding.case.estate, finding.case.need_item
        if case.pk not in seen and estate is not None and item is not None:
            seen.add(case.pk)
            cell = Cell(estate.area_id, estate.pk, case.building_id, item.need_class_id, item.pk)
            yield _Waiting(case, estate, cell, finding.opened_at)


def _always(draft: Draft) -> Draft:
    """The drafts without their own beginnings and ends; but nobody answers who was closed down before."""
    named = {claim.party for claim, _period in draft.claims} | {each.lead for each, _period in draft.decisions}
    closed = dict(Party.objects.filter(pk__in=named, closed_at__isnull=False).values_list("pk", "closed_at"))
    return replace(
        draft,
        claims=[(claim, Period(BEGINNING, closed.get(claim.party))) for claim, _period in draft.claims],
        decisions=[(each, Period(BEGINNING, closed.get(each.lead))) for each, _period in draft.decisions],
    )
