"""The small services that move a case along: what each changes, and that all of them ask the same policy."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case, CaseEvent, Finding
from cases.policies import NotNowError
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_overdue import sweep_overdue
from cases.services.void_case import void_case
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import AreaFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LATER = MONDAY + timedelta(days=3)


@pytest.fixture
def handler() -> Membership:
    """A handler of the party that leads for waste."""
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def handling(handler: Membership) -> Case:
    return sign_for_case(logged_case(), by=handler, at=MONDAY + HOUR)


def test_sign_for_case_starts_the_handling(handler: Membership) -> None:
    case = sign_for_case(logged_case(), by=handler, at=MONDAY + HOUR)

    assert (case.stage, case.signed_at) == ("handling", MONDAY + HOUR)


def test_contact_reporter_keeps_the_first_contact(handling: Case, handler: Membership) -> None:
    contact_reporter(handling, by=handler, at=MONDAY + 2 * HOUR)
    case = contact_reporter(handling, by=handler, at=MONDAY + 3 * HOUR)

    assert case.contacted_at == MONDAY + 2 * HOUR
    assert case.events.filter(kind=CaseEvent.Kind.CONTACTED).count() == 2


def test_return_case_leaves_nobody_and_says_so(handling: Case, handler: Membership) -> None:
    due = handling.resolve_due_at

    case = return_case(handling, ground="清运属环卫职责", legal_basis="合同第 12 条", by=handler, at=MONDAY + 2 * HOUR)

    assert (case.stage, case.lead, case.responsibility, case.returns) == ("opened", None, "vacuum", 1)
    assert case.resolve_due_at == due
    assert case.sign_due_at is None
    [custody] = case.custodies.all()
    assert (custody.until, custody.ending) == (MONDAY + 2 * HOUR, "returned")
    assert case.findings.open().get().evidence == {"returned_by": handler.party.code}


def test_reassign_case_hands_on_and_clears_the_vacuum(coordinator: Membership) -> None:
    case, lead = logged_case(), PartyFactory()
    due = case.resolve_due_at

    case = reassign_case(case, lead=lead, reason="首接负责", by=coordinator, at=MONDAY + HOUR)

    assert (case.stage, case.lead, case.responsibility, case.handoffs) == ("dispatched", lead, "held", 0)
    assert case.resolve_due_at == due
    assert not case.findings.open().exists()
    assert not case.escalations.filter(fired_at__isnull=True, cancelled_at__isnull=True).exists()


def test_reassign_case_counts_the_hand_off_and_keeps_who_held_it(handling: Case, coordinator: Membership) -> None:
    first, second = handling.lead, PartyFactory()

    case = reassign_case(handling, lead=second, reason="职责调整", by=coordinator, at=MONDAY + 2 * HOUR)

    assert (case.handoffs, case.signed_at) == (1, None)
    assert [(each.party, each.until) for each in case.custodies.all()] == [(first, MONDAY + 2 * HOUR), (second, None)]


def test_reassign_case_refuses_the_same_party_and_a_closed_one(handling: Case, coordinator: Membership) -> None:
    with pytest.raises(ValidationError, match="already"):
        reassign_case(handling, lead=handling.lead, reason="再派", by=coordinator)
    with pytest.raises(ValidationError, match="closed"):
        reassign_case(handling, lead=PartyFactory(closed_at=MONDAY), reason="派给", by=coordinator)


def test_resolve_case_stops_the_clock_and_clears_overdue(handling: Case, handler: Membership) -> None:
    sweep_overdue(at=LATER)

    case = resolve_case(handling, reason="已清运", by=handler, at=LATER + HOUR)

    assert (case.stage, case.resolved_at) == ("resolved", LATER + HOUR)
    assert case.findings.get(kind=Finding.Kind.OVERDUE).cleared_at == LATER + HOUR
    assert (case.overdue_at(LATER + 9 * HOUR), case.was_late) == (False, True)
    assert sweep_overdue(at=LATER + 2 * HOUR) == 0


def test_rework_case_runs_on_with_the_first_deadline(handling: Case, handler: Membership) -> None:
    resolve_case(handling, reason="已清运", by=handler, at=MONDAY + 2 * HOUR)

    case = rework_case(handling, reason="仍满溢", by=MembershipFactory(coordinator=True), at=LATER)

    assert (case.stage, case.resolved_at) == ("handling", None)
    assert sweep_overdue(at=LATER) == 1


def test_rework_case_is_flagged_again_although_it_was_overdue_before(handling: Case, handler: Membership) -> None:
    sweep_overdue(at=LATER)
    resolve_case(handling, reason="已清运", by=handler, at=LATER + HOUR)
    rework_case(handling, reason="仍满溢", by=MembershipFactory(coordinator=True), at=LATER + 2 * HOUR)

    assert sweep_overdue(at=LATER + 3 * HOUR) == 1
    assert handling.findings.filter(kind=Finding.Kind.OVERDUE).count() == 2


def test_close_case_ends_custody_and_keeps_who_led(
    handling: Case, handler: Membership, coordinator: Membership
) -> None:
    resolve_case(handling, reason="已清运", by=handler, at=MONDAY + 2 * HOUR)

    case = close_case(handling, by=coordinator, at=MONDAY + 3 * HOUR)

    assert (case.stage, case.closed_at, case.lead) == ("closed", MONDAY + 3 * HOUR, handler.party)
    assert case.custodies.get().until == MONDAY + 3 * HOUR


def test_close_case_is_never_for_the_party_that_handled_it(handling: Case, handler: Membership) -> None:
    resolve_case(handling, reason="已清运", by=handler)
    same_party = MembershipFactory(coordinator=True, party=handler.party)

    with pytest.raises(PermissionDenied):
        close_case(handling, by=same_party)


def test_void_case_clears_everything_that_was_wrong(coordinator: Membership) -> None:
    case = void_case(logged_case(), reason="误报", by=coordinator, at=LATER)

    assert case.stage == "void"
    assert not case.findings.open().exists()
    assert sweep_overdue(at=LATER + timedelta(days=30)) == 0


def test_comment_on_case_changes_nothing_but_the_history(handling: Case, handler: Membership) -> None:
    comment_on_case(handling, reason="等路面材料", by=handler)

    after = Case.objects.get(pk=handling.pk)
    assert (after.stage, after.resolve_due_at, after.lead_id) == ("handling", handling.resolve_due_at, handling.lead_id)
    assert after.events.last().details == {"reason": "等路面材料"}


ACTIONS: list[tuple[Callable[..., Case], dict[str, Any]]] = [
    (sign_for_case, {}),
    (contact_reporter, {}),
    (return_case, {"ground": "x"}),
    (resolve_case, {"reason": "x"}),
    (rework_case, {"reason": "x"}),
    (close_case, {}),
    (void_case, {"reason": "x"}),
    (comment_on_case, {"reason": "x"}),
]


@pytest.mark.parametrize(("service", "words"), ACTIONS)
def test_every_action_refuses_who_cannot_see_the_case(service: Callable[..., Case], words: dict[str, Any]) -> None:
    case = logged_case()

    with pytest.raises(PermissionDenied):
        service(case, by=MembershipFactory(), **words)

    assert case.events.count() == 3


@pytest.mark.parametrize(("service", "words"), ACTIONS)
def test_every_action_refuses_a_closed_case(
    service: Callable[..., Case],
    words: dict[str, Any],
    handling: Case,
    handler: Membership,
    coordinator: Membership,
) -> None:
    resolve_case(handling, reason="已清运", by=handler)
    close_case(handling, by=coordinator)
    by = handler if service in (sign_for_case, contact_reporter, return_case, resolve_case) else coordinator

    with pytest.raises(NotNowError):
        service(handling, by=by, **words)


def test_every_change_moves_version_and_time(handling: Case, handler: Membership) -> None:
    before = Case.objects.get(pk=handling.pk)

    after = comment_on_case(handling, reason="x", by=handler)

    assert after.version == before.version + 1
    assert after.updated_at > before.updated_at


def test_reassign_case_gives_nothing_to_a_party_of_another_area(coordinator: Membership) -> None:
    elsewhere = PartyFactory(area=AreaFactory(code="440106001000"))

    with pytest.raises(ValidationError) as refusal:
        reassign_case(logged_case(), lead=elsewhere, reason="合同", by=coordinator)

    assert list(refusal.value.message_dict) == ["lead"]


@pytest.mark.parametrize("verify", [close_case, rework_case])
def test_nobody_verifies_the_work_of_a_party_that_the_same_person_acts_for(
    handling: Case, handler: Membership, verify: Callable[..., Case]
) -> None:
    case = resolve_case(handling, reason="已清运", by=handler, at=LATER)
    second = MembershipFactory(coordinator=True, user=handler.user)

    with pytest.raises(PermissionDenied):
        verify(case, reason="看过", by=second)

    handler.until = LATER
    handler.save()
    assert verify(case, reason="看过", by=second).stage in {"closed", "handling"}
