"""Handing cases on: the one place that writes custody and `Case.lead`."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Value
from django.db.models.functions import Greatest

from cases import clocks
from cases.models import Case, Custody, DeadlineRule
from cases.rulebook import Rulebook
from stakeholders.models import Membership, Party


def locked(case: Case, *, by: Membership) -> Case:
    """Read the case again and keep others from changing it until the transaction ends.

    Services look at the clock after this: whoever has waited for the lock comes later than whoever held it. Raises
    PermissionDenied when the membership cannot see the case (any more).
    """
    try:
        found = Case.objects.visible_to(by).for_detail().select_for_update(of=("self",)).get(pk=case.pk)
    except Case.DoesNotExist as missing:
        raise PermissionDenied from missing
    if (expected := _expected.get()) is not None and expected.case == case.pk:
        if not expected.holds(found):
            raise expected.refusal
        _expected.set(None)  # what the service changes from here on is its own
    return found


@dataclass(frozen=True)
class _Expected:
    case: int
    holds: Callable[[Case], bool]
    refusal: Exception


_expected: ContextVar[_Expected | None] = ContextVar("_expected", default=None)


@contextmanager
def seen(case: Case, holds: Callable[[Case], bool], refusal: Exception) -> Iterator[None]:
    """Have the service that is called inside raise `refusal` where the case is not any more what somebody has seen.

    It is asked when the service locks the case, in the order in which that service locks: nothing comes between, and
    nobody waits in a ring.
    """
    before = _expected.set(_Expected(case.pk, holds, refusal))
    try:
        yield
    finally:
        _expected.reset(before)


def hand_to(case: Case, party: Party, rules: Rulebook, *, at: datetime) -> None:
    """Give the lead of a case to a party and start its time to sign for it; the caller saves the case."""
    if case.lead_id is not None:
        release(case, at=at, ending=Custody.Ending.REASSIGNED)
        case.handoffs += 1
    first(case, party, rules, at=at).save()


def hand_all(cases: Sequence[Case], party: Party, rules: Rulebook, *, at: datetime) -> None:
    """Do the same for many cases in two statements; here, too, the caller saves the cases."""
    held = [case for case in cases if case.lead_id is not None]
    leading = Custody.objects.filter(case__in=held, role=Custody.Role.LEAD, until__isnull=True)
    _end(leading, at, Custody.Ending.REASSIGNED)
    for case in held:
        case.handoffs += 1
    Custody.objects.bulk_create([first(case, party, rules, at=at) for case in cases])


def first(case: Case, party: Party, rules: Rulebook, *, at: datetime) -> Custody:
    """The custody with which a party takes on a case that nobody has; the caller saves both, the case first."""
    case.lead, case.signed_at, case.in_charge, case.ruled_at = party, None, None, None
    case.acted_at = at  # it lies still from now on at the earliest: nobody answers for how long it lay elsewhere
    clocks.start_sign_clock(case, rules, at=at)
    return Custody(case=case, party=party, role=Custody.Role.LEAD, since=at)


def take_over(leads: Sequence[Custody], *, at: datetime) -> None:
    """Store the custodies of parties to which the ladder hands cases over, and end those before them; two statements.

    Of several for one case the last one counts, and the others are over as they begin.
    """
    if not leads:
        return
    held = Custody.objects.filter(case__in=[each.case_id for each in leads], role=Custody.Role.LEAD, until__isnull=True)
    _end(held, at, Custody.Ending.HANDED_OVER)
    last = {each.case_id: each for each in leads}
    for each in leads:
        if each is not last[each.case_id]:
            each.until, each.ending = max(at, each.since), Custody.Ending.HANDED_OVER
    Custody.objects.bulk_create(leads)


def past(case: Case, party: Party, *, until: datetime) -> Custody:
    """The custody of a party that had a case before it came here, until it was done; the caller saves both."""
    case.lead = party
    return Custody(
        case=case,
        party=party,
        role=Custody.Role.LEAD,
        since=case.reported_at,
        until=until,
        ending=Custody.Ending.CLOSED,
    )


def release(case: Case, *, at: datetime, ending: Custody.Ending) -> None:
    """Take the lead away, and with it the time to sign; the caller saves the case."""
    _end(case.custodies.filter(role=Custody.Role.LEAD, until__isnull=True), at, ending)
    case.lead = case.in_charge = case.ruled_at = None
    clocks.stop(case, DeadlineRule.Clock.SIGN)


def support(case: Case, parties: Iterable[Party], *, at: datetime) -> None:
    """Name supporting parties; those that are named already stay as they are."""
    support_all(new_support(case, party, at=at) for party in parties)


def support_all(supports: Iterable[Custody]) -> None:
    """Store what supporting parties of many cases begin with."""
    Custody.objects.bulk_create(supports, ignore_conflicts=True)


def new_support(case: Case, party: Party, *, at: datetime) -> Custody:
    """The custody of a supporting party; the caller saves it."""
    return Custody(case=case, party=party, role=Custody.Role.SUPPORT, since=at)


def end(case: Case, *, at: datetime, ending: Custody.Ending) -> None:
    """End every custody of a case that has ended; who led last stays written on it."""
    _end(case.custodies.filter(until__isnull=True), at, ending)


def _end(custodies: QuerySet[Custody], at: datetime, ending: Custody.Ending) -> None:
    """End custodies; a clock that was put back ends none before it began."""
    custodies.update(until=Greatest("since", Value(at)), ending=ending)


def new_candidate(case: Case, party: Party, *, at: datetime) -> Custody:
    """The custody with which a party is asked whether a case is theirs; the caller saves it."""
    return Custody(case=case, party=party, role=Custody.Role.CANDIDATE, since=at)


def ask(candidates: Iterable[Custody]) -> None:
    """Store whom one asks; a party that is asked already goes on as it was."""
    Custody.objects.bulk_create(candidates, ignore_conflicts=True)


def dismiss_candidates(cases: Sequence[Case], *, at: datetime, but_for: Iterable[Party] = ()) -> None:
    """Ask no more: it is settled who has these cases, or others are asked."""
    asked = Custody.objects.filter(case__in=cases, role=Custody.Role.CANDIDATE, until__isnull=True)
    _end(asked.exclude(party__in=list(but_for)), at, Custody.Ending.SETTLED)


def new_supervision(case: Case, party: Party, *, at: datetime) -> Custody:
    """The custody with which a supervising party sees and follows a case."""
    return Custody(case=case, party=party, role=Custody.Role.SUPERVISE, since=at)


def supervise(supervisions: Iterable[Custody]) -> None:
    """Store supervisions; a party that supervises the case already goes on as it was."""
    Custody.objects.bulk_create(supervisions, ignore_conflicts=True)
