"""Whatever people do in whatever order: what must hold of a case holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest
from hypothesis import settings

from cases import faults
from cases.models import Case, Finding, Stance
from cases.services.verify_history import verify_history
from tests.cases.walks import Walk

pytestmark = pytest.mark.django_db

STEPS = 25
WALKS = 30 if settings.default.max_examples <= 100 else 300  # more where somebody looks closely
Kind = Finding.Kind
OF_STATE = (Kind.VACUUM, Kind.MULTI_HEAD, Kind.BACKSTOP, Kind.UNLOCATED, Kind.DISPUTED)


def faults_that_stand(case: Case, at: datetime) -> set[str]:
    """The faults that must be open on a case right after a sweep, but for those that need a look at people."""
    standing = {kind.value for kind, _since in faults.brought_by(case, at)}
    return standing | states_of(case) | ({Kind.PING_PONG.value} if faults.is_ping_pong(case) else set())


def wrong_with(case: Case) -> Iterator[str]:
    """What must hold after every step and does not."""
    for check in (findings_go_with, holder_goes_with, words_go_with, bookkeeping_goes_with, time_goes_with):
        for said, holds in check(case).items():
            if not holds:
                yield f"{case.number} {case.stage}/{case.responsibility}: {said}"


def findings_go_with(case: Case) -> dict[str, bool]:
    open_kinds = Counter(each.kind for each in case.findings.open())
    pending = case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True)
    return {
        "of a kind one is open": max(open_kinds.values(), default=0) <= 1,
        "findings of state are those of the state": set(open_kinds) & set(OF_STATE) == states_of(case),
        "ping-pong stands where its rule does": (Kind.PING_PONG in open_kinds) == faults.is_ping_pong(case),
        "nothing is wrong with what has ended": case.is_open or not open_kinds,
        "no step is to come for what is mended": not pending.exclude(finding__cleared_at__isnull=True).exists(),
    }


def holder_goes_with(case: Case) -> dict[str, bool]:
    going_on = case.custodies.filter(until__isnull=True)
    leads = [each.party_id for each in going_on if each.role == "lead"]
    return {
        "the lead has the one open custody": leads == [case.lead_id] * bool(case.lead_id and case.is_open),
        "custody ends with the case": case.is_open or not going_on,
        "nobody has what nobody has": not (case.is_open and case.responsibility == "vacuum" and case.lead_id),
        "who is in charge is of the lead": not case.in_charge_id or case.in_charge.party_id == case.lead_id,
    }


def words_go_with(case: Case) -> dict[str, bool]:
    is_settled = case.responsibility == "held" or not case.is_open
    asked = case.custodies.filter(role="candidate", until__isnull=True)
    ours = Stance.objects.standing().filter(case=case, says="ours").exclude(party=case.lead_id)
    is_disputed = case.is_open and case.responsibility == "disputed"
    return {
        "nobody is asked what is settled": not (is_settled and asked.exists()),
        "nobody claims what is settled": not (is_settled and case.is_open and ours.exists()),
        "a dispute is open as long as it is disputed": case.disputes.open().exists() == is_disputed,
    }


def bookkeeping_goes_with(case: Case) -> dict[str, bool]:
    return {
        "events are as many as the head says": case.events.count() == case.head_seq,
        "the next look is when something may begin": case.next_check_at == faults.next_check(case),
    }


def time_goes_with(case: Case) -> dict[str, bool]:
    running = case.timers.running()
    return {
        "more time is asked for once": bool(case.asked) == case.time_requests.pending().exists(),
        "more time is asked for while it is handled": not case.asked or case.stage == "handling",
        "no time limit runs for what has ended": case.is_open or not running,
        "the first time limit is noted": case.timer_due_at == min((each.due_at for each in running), default=None),
    }


def states_of(case: Case) -> set[str]:
    return {kind.value for kind in OF_STATE if case.is_open and case.responsibility == kind}


@pytest.mark.parametrize("seed", range(WALKS))
def test_what_must_hold_holds_after_any_walk(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(STEPS):
        walk.step()
        wrong = [each for case in walk.cases for each in wrong_with(case)]
        assert not wrong, "\n".join(walk.log)

    at = walk.settle_clocks()

    for case in walk.cases:
        found = {each.kind for each in case.findings.open() if each.kind != Kind.UNATTENDED}
        assert found == faults_that_stand(case, at), "\n".join(walk.log)
    assert not list(verify_history(Case.objects.all())), "\n".join(walk.log)
