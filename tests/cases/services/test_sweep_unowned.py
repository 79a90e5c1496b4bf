"""Flagging what nobody has any more."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from cases import custody
from cases.models import Case, Finding
from cases.services.reassign_case import reassign_case
from cases.services.sweep_unowned import sweep_unowned
from stakeholders.models import Mandate
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

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


def test_sweep_unowned_leaves_two_backstops_to_the_coordinator() -> None:
    MandateFactory(role=Mandate.Role.BACKSTOP)
    MandateFactory(role=Mandate.Role.BACKSTOP)
    case = logged_case()
    assert (case.responsibility, case.lead) == ("backstop", None)

    assert sweep_unowned(at=LATER) == 0
    assert case.findings.open().count() == 1


@pytest.mark.parametrize(("role", "state"), [("backstop", "backstop"), ("lead", "held")])
def test_sweep_unowned_settles_what_a_closed_backstop_left(role: str, state: str) -> None:
    party = MandateFactory(role=Mandate.Role.BACKSTOP).party
    case = logged_case()
    party.closed_at = LATER
    party.save()
    heir = MandateFactory(role=role).party

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility) == (heir, state)
    assert [finding.kind for finding in case.findings.open()] == (["backstop"] if role == "backstop" else [])


def test_sweep_unowned_finds_an_unlocated_case_whose_party_was_closed() -> None:
    case, party = logged_case(need_item=None), PartyFactory()
    reassign_case(case, lead=party, reason="首接负责", by=MembershipFactory(coordinator=True), at=MONDAY)
    party.closed_at = LATER
    party.save()

    assert sweep_unowned(at=LATER) == 1

    case.refresh_from_db()
    assert (case.lead, case.responsibility, case.stage) == (None, "unlocated", "opened")
    assert case.findings.open().get().kind == "unlocated"


def test_sweep_unowned_goes_on_after_a_case_that_cannot_be_routed(monkeypatch: pytest.MonkeyPatch) -> None:
    party = MandateFactory(item="3.1").party
    first, second = logged_case(), logged_case()
    party.closed_at = LATER
    party.save()
    release = custody.release

    def fail_on_the_first(case: Case, **how: object) -> None:
        if case.pk == first.pk:
            raise IntegrityError
        release(case, **how)

    monkeypatch.setattr(custody, "release", fail_on_the_first)

    assert sweep_unowned(at=LATER) == 1
    second.refresh_from_db()
    assert second.responsibility == "vacuum"


@pytest.mark.parametrize("count", [1, 3])
def test_sweep_unowned_with_nothing_to_do_costs_two_queries(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        logged_case()

    with django_assert_num_queries(2):
        assert sweep_unowned(at=LATER) == 0
