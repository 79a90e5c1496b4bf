"""Looking up who reported a case."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.models import Case
from cases.services.reveal_reporter import reveal_reporter
from stakeholders.models import Membership
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Membership:
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def case(lead: Membership) -> Case:
    return logged_case(reporter_name="刘桂兰", reporter_phone="13800002607")


def test_reveal_reporter_writes_down_who_looked_and_why_and_nothing_personal(case: Case, lead: Membership) -> None:
    found = reveal_reporter(case, reason="约上门时间", by=lead)

    event = case.events.get(kind="revealed")
    assert (found.reporter_name, found.reporter_phone) == ("刘桂兰", "13800002607")
    assert (event.by, event.details) == (lead, {"reason": "约上门时间"})


@pytest.mark.parametrize("role", [{"auditor": True}, {"administrator": True}, {"api_client": True}])
def test_reveal_reporter_refuses_those_who_only_see_the_case(case: Case, role: dict[str, bool]) -> None:
    with pytest.raises(PermissionDenied):
        reveal_reporter(case, reason="x", by=MembershipFactory(**role))

    assert not case.events.filter(kind="revealed").exists()


def test_reveal_reporter_has_nothing_to_show_of_who_left_nothing(lead: Membership) -> None:
    case = logged_case()

    with pytest.raises(ValidationError, match="neither name nor phone"):
        reveal_reporter(case, reason="x", by=lead)
