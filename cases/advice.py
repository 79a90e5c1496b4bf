"""What speaks for whom where nobody, or more than one, leads: paper, practice, precedents and the law."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Count, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from stakeholders.coverage import Cell, Claim, Duty, answer_for
from stakeholders.ledger import ledger_at
from stakeholders.models import Building, Estate, Membership, NeedItem, Party, Ruling
from stakeholders.models.area import ancestry

PRACTICE = timedelta(days=180)  # how far back a party's work speaks for it
SHOWN_PRECEDENTS = 5
READ_PRECEDENTS = 200  # of a town; a candidate may have one that is not among those shown
MOST_CANDIDATES = 9  # as many as there are keys to choose by
TOWN = 9  # digits of an area code
RESOLVED = (Case.Stage.RESOLVED, Case.Stage.CLOSED)
DUTIES = (Duty.LEAD, Duty.BACKSTOP, Duty.SUPPORT)  # which make a party a candidate


class Likeness(models.TextChoices):
    """What makes a ruling a precedent, the most alike first."""

    SAME_CELL = "same_cell", _("the same matter here, earlier")
    SAME_ITEM = "same_item", _("the same matter elsewhere")
    SAME_CLASS = "same_class", _("a matter of the same class")


@dataclass(frozen=True)
class Precedent:
    """An earlier ruling, and what makes it alike."""

    ruling: Ruling
    likeness: Likeness

    @property
    def lead(self) -> Party:
        """Whom it named."""
        return self.ruling.lead

    @property
    def place(self) -> str:
        """Where it was given."""
        return str(self.ruling.building or self.ruling.estate or self.ruling.area)


@dataclass(frozen=True)
class Candidate:
    """A party that could lead, and what speaks for it. `roles` are its mandates here, disclaimers included."""

    party: Party
    is_on_paper: bool  # leads by mandate
    roles: Sequence[Duty]
    resolved: int  # cases of the item at the estate that it led and resolved
    precedent: Precedent | None  # one that named it, else one that named a party of its kind
    is_usual_kind: bool
    cases_url: str  # the list of those that it resolved

    @property
    def has_disclaimed(self) -> bool:
        """Whether it says here that this is not its matter, and no narrower paper of its own says otherwise."""
        return Duty.DISCLAIM in self.roles and not self.is_on_paper

    @property
    def order(self) -> tuple[bool, bool, int, bool, bool, bool, str]:
        """See `advice_for`."""
        has_duty = not set(self.roles).isdisjoint(DUTIES)
        return (
            self.has_disclaimed,
            not self.is_on_paper,
            -self.resolved,
            self.precedent is None,
            not self.is_usual_kind,
            not has_duty,
            self.party.code,
        )


@dataclass(frozen=True)
class Advice:
    """What is known; each part is labelled as what it is, and none of it decides."""

    usual_kind: str
    legal_basis: str
    precedents: Sequence[Precedent]
    candidates: Sequence[Candidate]  # the best backed first
    resolved: int  # cases of the item at the estate, whoever led them
    since: datetime  # from when on cases were counted


def advice_for(
    estate: Estate, building: Building | None, item: NeedItem, *, by: Membership, at: datetime | None = None
) -> Advice:
    """Collect what speaks for whom in a cell, as far as the actor sees it, in five queries.

    Candidates are the parties with a mandate to lead, stand behind or support here, the property company of the
    estate, parties of the usual kind that cover it, and those that resolved cases of the item there in the last 180
    days; never one that is closed down. First come those that lead by mandate, and among equals those that resolved
    more of these cases, then those with a precedent, those of the usual kind, those with any other duty here; behind
    them all, in the same order, come those that disclaim here.
    """
    at = at or timezone.now()
    ledger = ledger_at(at, estates=[estate])
    cell = Cell(estate.area_id, estate.pk, building.pk if building else None, item.need_class_id, item.pk)
    here = [each.id for each in ledger.decisions if cell.is_in(each.scope)]
    precedents = _precedents(estate, building, item, here, by, at)
    since = timezone.make_aware(datetime.combine(timezone.localdate(at - PRACTICE), time.min))
    resolved = _resolved(estate, item, by, since)
    roles, leads = _roles(cell, ledger.claims), answer_for(cell, ledger.claims).leads
    named = {party for party, duties in roles.items() if not set(duties).isdisjoint(DUTIES)}
    parties = _parties(estate, item, named | set(resolved), by, at)
    candidates = [
        Candidate(
            party,
            is_on_paper=party.pk in leads,
            roles=roles.get(party.pk, ()),
            resolved=resolved.get(party.pk, 0),
            precedent=_precedent_for(party, precedents),
            is_usual_kind=party.kind == item.usual_lead_kind,
            cases_url=_cases_url(estate, item, party, since),
        )
        for party in parties
    ]
    return Advice(
        usual_kind=item.get_usual_lead_kind_display(),
        legal_basis=item.legal_basis,
        precedents=precedents[:SHOWN_PRECEDENTS],
        candidates=sorted(candidates, key=lambda each: each.order)[:MOST_CANDIDATES],
        resolved=sum(resolved.values()),
        since=since,
    )


def _roles(cell: Cell, claims: Iterable[Claim]) -> dict[int, Sequence[Duty]]:
    """The duties that each party has for a cell by mandate, in the order of `Duty`."""
    found: dict[int, set[Duty]] = defaultdict(set)
    for claim in claims:
        if cell.is_in(claim.scope):
            found[claim.party].add(claim.duty)
    return {party: [duty for duty in Duty if duty in duties] for party, duties in found.items()}


def _precedents(
    estate: Estate,
    building: Building | None,
    item: NeedItem,
    deciding: Sequence[int],
    by: Membership,
    at: datetime,
) -> list[Precedent]:
    """Rulings of the town on the same item or class, but for those that decide here now: the most alike, the newest."""
    town = estate.area_id[:TOWN]
    inside = town.ljust(12, "0"), town.ljust(12, "9")
    places = ("area", "estate__area", "building__estate__area")
    in_town = reduce(or_, (Q(**{f"{place}__code__range": inside}) for place in places))
    same_class = Q(need_item__need_class=item.need_class_id) | Q(need_class=item.need_class_id)
    here = Q(estate=estate) | Q(building=building) if building else Q(estate=estate)
    is_here, is_same_item = Q(here, need_item=item), Q(need_item=item)
    likeness = models.Case(When(is_here, then=Value(0)), When(is_same_item, then=Value(1)), default=Value(2))
    alike = Ruling.objects.known_on().visible_to(by).filter(in_town, same_class, valid_from__lte=at)
    rows = alike.exclude(pk__in=deciding).annotate(likeness=likeness).order_by("likeness", "-decided_at", "-pk")
    named = rows.select_related("lead", "area", "estate", "building__estate")[:READ_PRECEDENTS]
    kinds = list(Likeness)
    return [Precedent(ruling, kinds[ruling.likeness]) for ruling in named]


def _resolved(estate: Estate, item: NeedItem, by: Membership, since: datetime) -> dict[int, int]:
    """How many cases of the item at the estate each party has led and resolved: who led last is who resolved it."""
    done = Case.objects.visible_to(by).filter(
        estate=estate, need_item=item, stage__in=RESOLVED, resolved_at__gte=since, lead__isnull=False
    )
    counts = done.order_by().values("lead").annotate(count=Count("pk"))
    return dict(counts.values_list("lead", "count"))


def _parties(estate: Estate, item: NeedItem, named: set[int], by: Membership, at: datetime) -> QuerySet[Party]:
    """All that could lead. Where a company looks after the estate, others of its trade do not cover it."""
    wanted = Q(pk__in=named | {estate.property_party_id})
    if item.usual_lead_kind != Party.Kind.PROPERTY or estate.property_party_id is None:
        wanted |= Q(kind=item.usual_lead_kind, area__in=ancestry(estate.area_id))
    working = Q(closed_at__isnull=True) | Q(closed_at__gt=at)
    return Party.objects.visible_to(by).filter(wanted, working)


def _precedent_for(party: Party, precedents: Sequence[Precedent]) -> Precedent | None:
    """The first that named the party itself, else a party of its kind."""
    own = (each for each in precedents if each.lead == party)
    alike = (each for each in precedents if each.lead.kind == party.kind != Party.Kind.OTHER)
    return next(own, None) or next(alike, None)


def _cases_url(estate: Estate, item: NeedItem, party: Party, since: datetime) -> str:
    """The list of the cases that `_resolved` counts for a party."""
    asked = {
        "estate": estate.code,
        "need_item": item.code,
        "lead": party.code,
        "stage": ",".join(RESOLVED),
        "resolved_at__gte": since.isoformat(),
    }
    return f"{reverse('cases:list')}?{urlencode(asked)}"
