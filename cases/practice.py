"""What a party does against what the ledger says of it, item by item."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any, TypeVar

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from cases.models import Case, CaseEvent, Custody
from stakeholders.coverage import Cell, Claim, Decision, Duty, Scope, answer_for
from stakeholders.dated import holds
from stakeholders.layout import Layout
from stakeholders.ledger import SCOPE, layout_of, period_of, scope_of
from stakeholders.models import Estate, Mandate, Membership, NeedItem, Party, Ruling
from stakeholders.models.area import ancestry, significant
from stakeholders.segments import CLEAR, Period, history

Record = TypeVar("Record", Claim, Decision)

OFTEN, PART = 2, 4  # refused so many times, and one in so many of its own: more than single slips


@dataclass(frozen=True)
class Stint:
    """One time that a case came to the party, how that ended, and what the ledger said of the party then."""

    leads: bool  # as the ledger has it, the party led there
    has_duty: bool  # it led, supported, supervised or stood behind
    is_signed: bool
    is_returned: bool
    is_left: bool  # neither signed for nor returned: past the deadline for it, or given to another
    is_resolved: bool

    @property
    def is_refused(self) -> bool:
        """Its own by the ledger, and it did not take it up or gave it back."""
        return self.leads and (self.is_returned or self.is_left)

    @property
    def is_unmandated(self) -> bool:
        """Done, though the ledger gives it nothing to do there."""
        return self.is_resolved and not self.has_duty


@dataclass(frozen=True)
class Practice:
    """One need item: in how many places the party leads now, and what became of the cases that came to it."""

    item: NeedItem
    led: int
    places: int  # in the area of who asks, buildings and common areas
    open: int  # cases that it holds now, whenever they came
    stints: Sequence[Stint]

    @property
    def share(self) -> float:
        """In how many of a hundred places it leads."""
        return 100 * self.led / self.places if self.places else 0.0

    @property
    def came(self) -> int:
        """How many times a case came to it."""
        return len(self.stints)

    @property
    def came_as_lead(self) -> int:
        """How many of them were its own by the ledger."""
        return sum(each.leads for each in self.stints)

    @property
    def signed(self) -> int:
        """How many it signed for."""
        return sum(each.is_signed for each in self.stints)

    @property
    def returned(self) -> int:
        """How many it gave back."""
        return sum(each.is_returned for each in self.stints)

    @property
    def left(self) -> int:
        """How many it left lying."""
        return sum(each.is_left for each in self.stints)

    @property
    def resolved(self) -> int:
        """How many it resolved."""
        return sum(each.is_resolved for each in self.stints)

    @property
    def refused(self) -> int:
        """How many of its own it gave back or left lying."""
        return sum(each.is_refused for each in self.stints)

    @property
    def is_often_refused(self) -> bool:
        """Whether it refused its own often enough to be told."""
        return self.refused >= OFTEN and self.refused * PART >= self.came_as_lead

    @property
    def unmandated(self) -> int:
        """How many it resolved with nothing in the ledger that gives them to it."""
        return sum(each.is_unmandated for each in self.stints)


def practice_of(
    party: Party, *, by: Membership, since: datetime, until: datetime, at: datetime | None = None
) -> list[Practice]:
    """Set what a party did with the cases that came to it from `since` to before `until` against the ledger.

    Counted are cases that `by` sees, with a place and an item, and not void. The ledger is read as it is known now,
    for the instant at which each case came, and for `at`, which is now unless given, to say where the party leads.
    Items that the party has nothing to do with are left out. Seven queries, however much there is.
    """
    at = at or timezone.now()
    items = list(NeedItem.objects.select_related("need_class").order_by("need_class__position", "position"))
    layout = layout_of(list(Estate.objects.visible_to(by)), items)
    paper = _Paper(party)
    led = paper.led(layout, at)
    stints = _stints(party, paper, by=by, since=since, until=until, at=at)
    held = _held(party, by)
    return [
        Practice(item, led[item.pk], len(layout.places), held[item.pk], stints.get(item.pk, []))
        for item in items
        if led[item.pk] or held[item.pk] or item.pk in stints
    ]


def _held(party: Party, by: Membership) -> Counter[int]:
    """How many open cases of each item the party holds."""
    held = Case.objects.visible_to(by).open().filter(lead=party, need_item__isnull=False)
    counts = held.order_by().values("need_item").annotate(count=Count("id"))
    return Counter(dict(counts.values_list("need_item", "count")))


def _stints(
    party: Party, paper: "_Paper", *, by: Membership, since: datetime, until: datetime, at: datetime
) -> dict[int, list[Stint]]:
    """Read how each case that came to the party went there, by item, in one query."""
    # Signing is an event: the case itself keeps only who signed last.
    signed = CaseEvent.objects.filter(
        case=OuterRef("case"),
        kind=CaseEvent.Kind.SIGNED,
        at__gte=OuterRef("since"),
        at__lte=Coalesce(OuterRef("until"), at),
    )
    custodies = (
        Custody.objects.filter(party=party, role=Custody.Role.LEAD, since__gte=since, since__lt=until)
        .filter(case__in=Case.objects.visible_to(by).filter(estate__isnull=False, need_item__isnull=False))
        .exclude(case__stage=Case.Stage.VOID)
        .annotate(is_signed=Exists(signed))
        .order_by()
    )
    cell = ("estate__area", "estate", "building", "need_item__need_class", "need_item")
    case = ("sign_due_at", "resolved_at")
    columns = ("since", "until", "ending", "is_signed", *(f"case__{name}" for name in (*cell, *case)))
    stints: dict[int, list[Stint]] = defaultdict(list)
    for came, ended, ending, is_signed, *place, due, resolved in custodies.values_list(*columns).iterator():
        where = Cell(*place)
        leads, has_duty = paper.duty(where, came)
        is_resolved = resolved is not None and (ended is None or ending == Custody.Ending.CLOSED)
        is_taken_up = is_signed or is_resolved  # what another system had answered was never signed for here
        is_waiting = ended is None and due is not None and due < at
        stints[where.need_item].append(
            Stint(
                leads=leads,
                has_duty=has_duty,
                is_signed=is_taken_up,
                is_returned=ending == Custody.Ending.RETURNED,
                is_left=not is_taken_up and (is_waiting or ending == Custody.Ending.REASSIGNED),
                is_resolved=is_resolved,
            )
        )
    return stints


class _Paper:
    """What the ledger, as it is known now, gives one party to do: its mandates, and all rulings. Two queries."""

    def __init__(self, party: Party) -> None:
        self._party = party.pk
        times = ("valid_from", "valid_until")
        mandates = Mandate.objects.known_on().filter(party=party).order_by()
        rulings = Ruling.objects.known_on().order_by()
        self._claims = [
            (Claim(pk, party.pk, Duty(role), scope_of(*scope)), period_of(since, end, party.closed_at))
            for pk, *scope, since, end, role in mandates.values_list(*SCOPE, *times, "role")
        ]
        self._decisions = [
            (Decision(pk, lead, scope_of(*scope), decided_at), period_of(since, end, closed_at))
            for pk, *scope, since, end, lead, decided_at, closed_at in rulings.values_list(
                *SCOPE, *times, "lead_id", "decided_at", "lead__closed_at"
            )
        ]
        self._claims_on, self._decisions_on = _by_scope(self._claims), _by_scope(self._decisions)
        self._cuts: dict[Cell, list[datetime]] = {}
        self._duties: dict[tuple[Cell, int], tuple[bool, bool]] = {}

    def duty(self, cell: Cell, at: datetime) -> tuple[bool, bool]:
        """Say whether the party led in a cell at an instant, and whether it had anything to do there at all.

        Many cases share a cell, and the answer changes only when a record begins or ends: it is reckoned once.
        """
        if cell not in self._cuts:
            self._cuts[cell] = sorted(
                {instant for _record, period in self._covering(cell) for instant in period if instant}
            )
        stretch = cell, bisect_right(self._cuts[cell], at)
        if stretch not in self._duties:
            self._duties[stretch] = self._duty(cell, at)
        return self._duties[stretch]

    def _duty(self, cell: Cell, at: datetime) -> tuple[bool, bool]:
        scopes = _scopes(cell)
        claims = _in_force(_of(scopes, self._claims_on), at)
        leads = answer_for(cell, claims, _in_force(_of(scopes, self._decisions_on), at)).leads == (self._party,)
        return leads, leads or any(claim.duty is not Duty.DISCLAIM for claim in claims)

    def _covering(self, cell: Cell) -> list[tuple[Claim, Period] | tuple[Decision, Period]]:
        scopes = _scopes(cell)
        return [*_of(scopes, self._claims_on), *_of(scopes, self._decisions_on)]

    def led(self, layout: Layout, at: datetime) -> Counter[int]:
        """In how many places the party leads at an instant, beside others or not, by item."""
        claims = [each for each in self._claims if holds(each[1], at)]
        decisions = [each for each in self._decisions if holds(each[1], at)]
        told = history(layout, claims, decisions)
        now = told.at(at)
        clear = now.where(now.state == CLEAR)
        cells = zip(clear.cell.tolist(), told.parties(clear), strict=True)
        return Counter(layout.cell(number)[1].need_item for number, who in cells if who == (self._party,))


def _by_scope(records: Sequence[tuple[Record, Period]]) -> dict[Scope, list[tuple[Record, Period]]]:
    found: dict[Scope, list[tuple[Record, Period]]] = {}
    for record, period in records:
        found.setdefault(record.scope, []).append((record, period))
    return found


def _scopes(cell: Cell) -> list[Scope]:
    """Every scope that covers a cell: its divisions, its estate and its building, each for all, its class, its item."""
    places: list[dict[str, Any]] = [{"area": significant(code)} for code in ancestry(cell.area)]
    places.append({"estate": cell.estate})
    if cell.building is not None:
        places.append({"building": cell.building})
    matters: list[dict[str, Any]] = [{}, {"need_class": cell.need_class}, {"need_item": cell.need_item}]
    return [Scope(**place, **matter) for place, matter in product(places, matters)]


def _of(scopes: Sequence[Scope], known: dict[Scope, list[tuple[Record, Period]]]) -> list[tuple[Record, Period]]:
    return [each for scope in scopes for each in known.get(scope, ())]


def _in_force(records: Sequence[tuple[Record, Period]], at: datetime) -> list[Record]:
    return [record for record, period in records if holds(period, at)]
