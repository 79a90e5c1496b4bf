"""Flagging what nobody has any more."""

from datetime import timedelta

import pytest

from cases.models import Finding
from cases.services.sweep_unowned import sweep_unowned
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=1)


def test_sweep_unowned_leaves_a_held_case_alone() -> None:
    MandateFactory(item="3.1")
    logged_case()
    logged_case(need_item=None)

    assert sweep_unowned(at=LATER) == 0


def test_sweep_unowned_finds_the_vacuum_that_a_closed_party_leaves() -> None:
    party = MandateFactory(item="3.1").party
    case = logged_case()
    party.closed_at = LATER
    party.save()

    assert sweep_unowned(at=LATER) == 1
    assert sweep_unowned(at=LATER) == 0

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage) == (None, "vacuum", "opened")
    assert case.findings.open().get().kind == Finding.Kind.VACUUM
    assert case.custodies.get().ending == "party_closed"


def test_sweep_unowned_gives_the_case_to_who_answers_by_now() -> None:
    party = MandateFactory(item="3.1").party
    case = logged_case()
    party.closed_at = LATER
    party.save()
    heir = MandateFactory(item="3.1").party

    sweep_unowned(at=LATER)

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (heir, "held")
