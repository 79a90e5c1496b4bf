"""A report without an account is a case like any other, with a code beside it."""

import pytest

from cases.models import FollowUp
from cases.services.report_case import report_case
from tests.factories.stakeholders import EstateFactory

pytestmark = pytest.mark.django_db


def test_report_case_returns_the_code_of_the_case() -> None:
    case, code = report_case(title="路灯不亮", estate=EstateFactory())
    other, other_code = report_case(title="路灯不亮", estate=EstateFactory())

    assert case.follow_up.digest == FollowUp.digest_of(case.number, code)
    assert (case.logged_by, case.channel) == (None, "wechat")
    assert code != other_code
    assert other.follow_up.digest != FollowUp.digest_of(other.number, code)


def test_report_case_keeps_no_name_of_who_wants_none() -> None:
    case, _code = report_case(
        title="路灯不亮", estate=EstateFactory(), reporter_name="刘桂兰", reporter_is_anonymous=True
    )

    assert (case.reporter_name, case.reporter_is_anonymous) == ("", True)
