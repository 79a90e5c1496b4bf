"""Route again what waits in vain: cases whose holder is gone, and those for which the ledger answers by now."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError, transaction
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, Length, Replace, StrIndex
from django.db.models.lookups import Exact, GreaterThan
from django.utils import timezone

from cases import bookkeeping, custody, disputes, findings, routing, stances
from cases.history import Line
from cases.models import Case, Custody, Finding, Stance
from cases.models.case import CaseQuerySet
from cases.rulebook import Rulebook
from stakeholders.models import Episode, Party

BATCH = 100

logger = logging.getLogger(__name__)


def sweep_unowned(*, at: datetime | None = None) -> int:
    """Route again every unsolved case of which the ledger says something else by now than the case; return how many.

    A party may be closed down while it holds cases: another one may answer by now, and if none does the case becomes
    an open vacuum instead of waiting for ever at an address where nobody lives. And where a case waits a mandate may
    be recorded, ended or taken back, or a ruling begin. What parties say of a case is never overridden: a dispute goes
    on with the next who had it, and whoever alone says that it is theirs gets it. Each case has a transaction of its
    own, and one that cannot be routed is logged and does not hold up the others.
    """
    at = at or timezone.now()
    rules = Rulebook()
    closed = list(Party.objects.filter(closed_at__lte=at).values_list("pk", flat=True))
    said_to_be_held = Case.objects.unowned().filter(responsibility=Case.Responsibility.HELD)
    led_by_nobody_any_more = Case.objects.unsolved().filter(lead__in=closed, closed_at__isnull=True)
    routed = sum(_route_all(gone, rules, at) for gone in (said_to_be_held, led_by_nobody_any_more))
    return routed + _route_what_waits(rules, at)


def _route_all(gone: CaseQuerySet, rules: Rulebook, at: datetime) -> int:
    def route(case: Case) -> list[Line]:
        custody.release(case, at=at, ending=Custody.Ending.PARTY_CLOSED)
        case.stage, case.signed_at = Case.Stage.OPENED, None
        if case.responsibility == Case.Responsibility.DISPUTED:
            return disputes.go_on(case, rules, at=at)
        working = Party.objects.working(at)
        if case.stances.standing().filter(says=Stance.Says.OURS, party__in=working).exists():
            return stances.weigh(case, rules, at=at)
        return [*findings.clear(case, findings.UNOWNED, at=at), *routing.route(case, rules, at=at)]

    routed = last = 0
    while batch := list(gone.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        routed += _route_each(gone, batch, route, at)
        last = batch[-1]
    return routed


def _route_what_waits(rules: Rulebook, at: datetime) -> int:
    """Ask the ledger about the cases whose cell has no such episode; where it says the same, episodes are behind."""

    def route(case: Case) -> list[Line]:
        return routing.route_again(case, rules, at=at)

    routed = 0
    waiting = _waiting_otherwise(at)
    pks = sorted(waiting.values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        cases = list(Case.objects.filter(pk__in=pks[start : start + BATCH]).for_detail())
        routed += _route_each(waiting, routing.outdated(cases, at=at), route, at)
    return routed


def _waiting_otherwise(at: datetime) -> CaseQuerySet:
    """Waiting cases whose cell is not any more, by the stored episodes, in the state that was found, or for others.

    A case that parties return, claim or disclaim waits for a person, and not for what the ledger says.
    """
    found = Finding.objects.open().filter(case=OuterRef("pk"))
    said = found.filter(evidence__has_any_keys=["returned_by", "disclaimed_by", "claimed"])
    claimed = Stance.objects.standing().filter(case=OuterRef("pk"), says=Stance.Says.OURS)
    named = found.filter(kind=OuterRef("responsibility")).values(codes=Cast("evidence__parties", TextField()))
    same_place = Episode.objects.open_at(at).alias(place=Coalesce("building", 0))
    same_state = same_place.filter(
        estate=OuterRef("estate"),
        need_item=OuterRef("need_item"),
        place=Coalesce(OuterRef("building"), 0),
        state=OuterRef("responsibility"),
    )
    same = same_state.filter(Q(state=Episode.State.VACUUM) | _is_for("named"))
    return (
        Case.objects.waiting().alias(named=named[:1]).filter(~Exists(same), ~Exists(said), ~Exists(claimed)).order_by()
    )


def _is_for(named: str) -> Q:
    """The parties of an episode are those in a list of codes: all are in it, and it has as many.

    The list is JSON in a column of the row outside, where each code stands in quotes; both engines can read it as text.
    """
    parties = Episode.parties.through._default_manager.filter(episode=OuterRef("pk")).order_by().values("episode")
    place = StrIndex(OuterRef(OuterRef(named)), Concat(Value('"'), "party__code", Value('"')))
    least = parties.annotate(least=Min(place)).values("least")  # 0 if one is missing
    count = parties.annotate(count=Count("pk")).values("count")
    quotes = Length(OuterRef(named)) - Length(Replace(OuterRef(named), Value('"')))
    return Q(GreaterThan(Subquery(least), 0), Exact(quotes, Subquery(count) * 2))


def _route_each(chosen: CaseQuerySet, pks: Sequence[int], route: Callable[[Case], list[Line]], at: datetime) -> int:
    routed = 0
    for pk in pks:
        try:
            routed += _route_one(chosen, pk, route, at)
        except DatabaseError:
            logger.exception("case %s cannot be routed", pk)
    return routed


@transaction.atomic
def _route_one(chosen: CaseQuerySet, pk: int, route: Callable[[Case], list[Line]], at: datetime) -> int:
    """Route one case, unless it is locked or no longer to be routed by now; return 1 if it was routed."""
    case = chosen.for_detail().select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if case is None:
        return 0
    bookkeeping.enter(case, *route(case), at=at, changed=routing.FIELDS)
    return 1
