"""Hand-offs: a case comes to a party that another one had led before."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as DatabaseCase

from cases.handoffs import PASSED_ON, handoffs
from cases.measures import Period
from cases.models import Case, Custody
from cases.worktime import ZONE
from stakeholders.models import Party
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import PartyFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOVEMBER = Period(datetime(2026, 11, 1, tzinfo=ZONE), datetime(2026, 12, 1, tzinfo=ZONE))
REASSIGNED, RETURNED = Custody.Ending.REASSIGNED, Custody.Ending.RETURNED


@pytest.fixture
def case() -> Case:
    return logged_case()


@pytest.fixture
def parties() -> list[Party]:
    return [PartyFactory() for _ in range(3)]


def led(case: Case, party: Party, since: int, until: int | None, ending: str = REASSIGNED) -> Custody:
    """A lead by hours after Monday."""
    return Custody.objects.create(
        case=case,
        party=party,
        role=Custody.Role.LEAD,
        since=MONDAY + since * HOUR,
        until=None if until is None else MONDAY + until * HOUR,
        ending="" if until is None else ending,
    )


def found(period: Period = NOVEMBER) -> list[tuple[int, int]]:
    """Giver and receiver of each, in the order of time."""
    rows: Any = handoffs(Case.objects.all(), period).order_by("since")
    return [(each.giver, each.party_id) for each in rows]


def test_handoff_says_who_gave_and_how_long_it_was_there(case: Case, parties: list[Party]) -> None:
    one, two, _three = parties
    led(case, one, 0, 5, RETURNED)
    led(case, two, 8, None)

    [handed] = handoffs(Case.objects.all(), NOVEMBER)

    assert (handed.giver, handed.party) == (one.pk, two)
    assert (handed.given_since, handed.given_at, handed.given_by) == (MONDAY, MONDAY + 5 * HOUR, RETURNED)


def test_handoff_is_between_neighbours_only(case: Case, parties: list[Party]) -> None:
    one, two, three = parties
    led(case, one, 0, 5)
    led(case, two, 5, 6)
    led(case, three, 6, 7)
    led(case, two, 7, None)

    assert found() == [(one.pk, two.pk), (two.pk, three.pk), (three.pk, two.pk)]


def test_who_gets_it_back_was_not_handed_it(case: Case, parties: list[Party]) -> None:
    led(case, parties[0], 0, 5, RETURNED)
    led(case, parties[0], 7, None)

    assert found() == []


def test_party_that_was_passed_over_neither_gave_nor_got(case: Case, parties: list[Party]) -> None:
    one, two, three = parties
    led(case, one, 0, 5, Custody.Ending.HANDED_OVER)
    led(case, two, 5, 5, Custody.Ending.HANDED_OVER)
    led(case, three, 5, None)

    assert found() == [(one.pk, three.pk)]


@pytest.mark.parametrize("ending", [each for each in Custody.Ending if each not in PASSED_ON])
def test_what_ended_otherwise_was_not_handed_on(case: Case, parties: list[Party], ending: str) -> None:
    led(case, parties[0], 0, 5, ending)
    led(case, parties[1], 7, None)

    assert found() == []


def test_other_roles_and_other_cases_do_not_count(case: Case, parties: list[Party]) -> None:
    one, two, _three = parties
    led(case, one, 0, 5)
    led(logged_case(), two, 5, None)
    Custody.objects.create(case=case, party=two, role=Custody.Role.SUPPORT, since=MONDAY + 5 * HOUR)

    assert found() == []


def test_handoff_lies_in_the_period_in_which_it_arrived(case: Case, parties: list[Party]) -> None:
    led(case, parties[0], 0, 5)
    led(case, parties[1], 5, None)
    arrived = MONDAY + 5 * HOUR

    assert len(found(Period(arrived, arrived + HOUR))) == 1
    assert found(Period(arrived - HOUR, arrived)) == []


def test_only_cases_that_are_asked_about_count(case: Case, parties: list[Party]) -> None:
    led(case, parties[0], 0, 5)
    led(case, parties[1], 5, None)

    assert not handoffs(Case.objects.exclude(pk=case.pk), NOVEMBER).exists()


class TestHandoffsOfAnyHistory(DatabaseCase):
    """Against a walk along the leads of a case."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 2), st.sampled_from(Custody.Ending.values)),
            max_size=6,
        )
    )
    def test_handoffs_are_the_steps_of_a_walk(self, stays: list[tuple[int, int, int, str]]) -> None:
        case, parties = logged_case(), [PartyFactory() for _ in range(3)]
        expected, now, before = [], 0, None
        for who, stayed, gap, ending in stays:
            custody = led(case, parties[who], now, now + stayed, ending)
            if stayed:
                if before and before.ending in PASSED_ON and before.party != custody.party:
                    expected.append((before.party_id, custody.party_id))
                before = custody
            now += stayed + gap

        assert found() == expected
