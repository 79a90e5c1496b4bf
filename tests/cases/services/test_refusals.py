"""Every service asks the same policy: who does not see the case, who may not, and what cannot be now."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Case, StatutoryRule
from cases.policies import NotNowError
from cases.services.attach_file import attach_file
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.correct_case import correct_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.locate_case import locate_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.verify_case import verify_case
from cases.services.void_case import void_case
from cases.workflow import Action
from stakeholders.models import Membership
from tests.factories.cases import MONDAY, item, logged_case
from tests.factories.stakeholders import AreaFactory, MembershipFactory

pytestmark = pytest.mark.django_db

Words = Callable[[Case, Membership], dict[str, Any]]


def nothing(_case: Case, _by: Membership) -> dict[str, Any]:
    return {}


def reason(_case: Case, _by: Membership) -> dict[str, Any]:
    return {"reason": "因为"}


def ground(_case: Case, _by: Membership) -> dict[str, Any]:
    return {"ground": "不归我们"}


def decision(_case: Case, _by: Membership) -> dict[str, Any]:
    return {"grant": True, "reason": "因为"}


def lead(_case: Case, by: Membership) -> dict[str, Any]:
    return {"lead": by.party, "reason": "因为"}


def more_time(_case: Case, _by: Membership) -> dict[str, Any]:
    return {"reason": "因为", "until": MONDAY + timedelta(days=2), "at": MONDAY}


def timer(_case: Case, _by: Membership) -> dict[str, Any]:
    return {"rule": StatutoryRule.objects.get(code="petition-finish")}


SERVICES: dict[Action, tuple[Callable[..., Case], Words]] = {
    Action.ACCEPT: (sign_for_case, nothing),
    Action.ATTACH: (
        attach_file,
        lambda *_: {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7"), "kind": "document"},
    ),
    Action.CLAIM: (claim_case, nothing),
    Action.CLOSE: (close_case, reason),
    Action.COMMENT: (comment_on_case, reason),
    Action.CONTACT: (contact_reporter, nothing),
    Action.CORRECT: (correct_case, lambda *_: {"title": "7 栋"}),
    Action.DECIDE_EXTENSION: (decide_extension, decision),
    Action.DECIDE_HOLD: (decide_hold, decision),
    Action.DISCLAIM: (disclaim_case, ground),
    Action.EXTEND: (extend_case, more_time),
    Action.EXTEND_TIMER: (extend_statutory_timer, lambda *each: {**timer(*each), "amount": 1, "reason": "因为"}),
    Action.HOLD: (hold_case, more_time),
    Action.LINK_DUPLICATE: (link_duplicate, lambda case, _by: {"main_case": case}),
    Action.LOCATE: (locate_case, lambda case, _by: {"estate": case.estate, "need_item": item()}),
    Action.PUT_IN_CHARGE: (put_in_charge, lambda _case, by: {"person": by}),
    Action.RATE: (rate_case, lambda *_: {"solved": True}),
    Action.REASSIGN: (reassign_case, lead),
    Action.REOPEN: (reopen_case, reason),
    Action.RESOLVE: (resolve_case, reason),
    Action.RESUME: (resume_case, nothing),
    Action.RETURN: (return_case, ground),
    Action.REWORK: (rework_case, reason),
    Action.RULE: (rule_on_case, lead),
    Action.START_TIMER: (start_statutory_timer, timer),
    Action.STOP_TIMER: (stop_statutory_timer, lambda *each: {**timer(*each), "reason": "因为"}),
    Action.VERIFY: (verify_case, reason),
    Action.VOID: (void_case, reason),
}
# What a closed case does allow, and what only its holder may do of the rest
AFTER_CLOSING = {Action.RATE, Action.REOPEN}
OF_THE_HOLDER = {
    Action.ACCEPT,
    Action.CONTACT,
    Action.RETURN,
    Action.RESOLVE,
    Action.PUT_IN_CHARGE,
    Action.EXTEND,
    Action.HOLD,
    Action.RESUME,
}
STANCES = {Action.CLAIM, Action.DISCLAIM}


@pytest.fixture(autouse=True)
def _elsewhere(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_every_action_has_its_service() -> None:
    assert set(SERVICES) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_service_refuses_who_cannot_see_the_case(action: Action) -> None:
    case, stranger = logged_case(), MembershipFactory(coordinator=True, area=AreaFactory(code="440106001000"))
    service, words = SERVICES[action]

    with pytest.raises(PermissionDenied):
        service(case, by=stranger, **words(case, stranger))

    assert case.events.count() == Case.objects.get(pk=case.pk).head_seq == 3


@pytest.mark.parametrize("action", sorted(set(Action) - {Action.COMMENT, Action.ATTACH}))
def test_service_refuses_an_auditor_who_sees_everything(action: Action, handling: Case) -> None:
    auditor = MembershipFactory(auditor=True)
    service, words = SERVICES[action]

    with pytest.raises(PermissionDenied):
        service(handling, by=auditor, **words(handling, auditor))


@pytest.mark.parametrize("action", sorted(set(Action) - AFTER_CLOSING))
def test_service_refuses_a_closed_case_and_says_what_is_allowed(
    action: Action, closed: Case, handler: Membership, coordinator: Membership
) -> None:
    by = handler if action in OF_THE_HOLDER else coordinator
    if action in STANCES:
        by = MembershipFactory()
        closed.custodies.create(party=by.party, role="support", since=MONDAY, until=MONDAY, ending="closed")
    service, words = SERVICES[action]
    before = closed.events.count()

    with pytest.raises(NotNowError) as refusal:
        service(closed, by=by, **words(closed, by))

    assert refusal.value.allowed == ([Action.RATE, Action.REOPEN] if by is coordinator else [])
    assert closed.events.count() == before


@pytest.mark.parametrize("action", [Action.VERIFY, Action.REWORK, Action.CLOSE])
def test_service_never_lets_a_party_check_its_own_work(action: Action, resolved: Case, handler: Membership) -> None:
    of_the_party = MembershipFactory(coordinator=True, party=handler.party)
    same_person = MembershipFactory(coordinator=True, user=handler.user)
    service, words = SERVICES[action]

    for by in (of_the_party, same_person):
        with pytest.raises(PermissionDenied):
            service(resolved, by=by, **words(resolved, by))

    handler.until = MONDAY
    handler.save()
    assert service(resolved, by=same_person, **words(resolved, same_person)).version > resolved.version
