"""Many new cases begin with their history in a handful of statements."""

import pytest
from pytest_django import DjangoAssertNumQueries

from cases import history
from cases.history import Line
from cases.models import Case, CaseEvent
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import TownFactory

pytestmark = pytest.mark.django_db


def new_case(number: int) -> Case:
    return Case(
        number=f"AZ-20261116-{number:04}",
        title="路灯不亮",
        area=TownFactory(),
        responsibility=Case.Responsibility.UNLOCATED,
        stage=Case.Stage.OPENED,
        reported_at=MONDAY,
        opened_at=MONDAY,
    )


def test_begin_chains_the_first_lines_of_each_case() -> None:
    lines = [Line(CaseEvent.Kind.IMPORTED, MONDAY, details={"row": 2}), Line(CaseEvent.Kind.OPENED, MONDAY)]

    history.begin([(new_case(1), lines), (new_case(2), lines)])

    for case in Case.objects.all():
        first, second = case.events.order_by("seq")
        assert (first.digest, second.digest) == (first.digest_after(""), second.digest_after(first.digest))
        assert (case.head_seq, case.head_digest, case.version) == (2, second.digest, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_begin_inserts_and_never_updates(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    entries = [(new_case(number), [Line(CaseEvent.Kind.IMPORTED, MONDAY)]) for number in range(count)]

    with django_assert_num_queries(2):  # cases and events
        history.begin(entries)
