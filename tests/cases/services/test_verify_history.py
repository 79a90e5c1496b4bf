"""A history that somebody bent is found: tests bend one as somebody with the database in hand would."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseEvent
from cases.services import verify_history as module
from cases.services.comment_on_case import comment_on_case
from cases.services.verify_history import Break, Fault, verify_history
from tests.factories.cases import logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def let_lines_be_bent() -> None:
    """Drop the triggers; the transaction of the test brings them back."""
    triggers = ["keep"] if connection.vendor == "postgresql" else ["keep_update", "keep_delete"]
    on = " ON cases_caseevent" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for trigger in triggers:
            cursor.execute(f"DROP TRIGGER cases_caseevent_{trigger}{on}")


@pytest.fixture
def case() -> Case:
    """Between two others, with four lines."""
    logged_case()
    case = comment_on_case(logged_case(), reason="催办", by=MembershipFactory(coordinator=True))
    logged_case()
    assert case.head_seq == 4
    return case


def found() -> list[Break]:
    return list(verify_history(Case.objects.all()))


def test_verify_history_finds_nothing_where_nothing_was_bent(case: Case) -> None:
    done: list[int] = []

    assert list(verify_history(Case.objects.all(), progress=done.append)) == []
    assert sum(done) == 3


@pytest.mark.parametrize("bent", [{"details": {"reason": "x"}}, {"kind": "closed"}, {"by": None}, {"digest": "0" * 64}])
def test_verify_history_names_a_line_that_was_changed(case: Case, bent: dict[str, object]) -> None:
    let_lines_be_bent()

    CaseEvent.objects.filter(case=case, seq=4).update(**bent)

    kind = str(bent.get("kind", "commented"))
    assert found() == [Break(case.number, 4, Fault.CHANGED, kind)]


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_verify_history_names_a_line_that_is_missing(case: Case, seq: int) -> None:
    let_lines_be_bent()

    CaseEvent.objects.filter(case=case, seq=seq).delete()

    assert found() == [Break(case.number, seq, Fault.MISSING, "")]


def test_verify_history_misses_a_history_that_is_gone(case: Case) -> None:
    let_lines_be_bent()

    CaseEvent.objects.filter(case=case).delete()

    assert found() == [Break(case.number, 1, Fault.MISSING, "")]


def test_verify_history_names_a_chain_that_was_reckoned_anew(case: Case) -> None:
    let_lines_be_bent()
    before, last = case.events.order_by("seq")[2:4]

    last.details = {"reason": "x"}
    CaseEvent.objects.filter(pk=last.pk).update(details=last.details, digest=last.digest_after(before.digest))

    assert found() == [Break(case.number, 4, Fault.FORGED, "commented")]


def test_verify_history_goes_on_after_a_break_and_from_batch_to_batch(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    let_lines_be_bent()

    CaseEvent.objects.filter(seq=1).update(details={})

    assert [each.number for each in found()] == list(Case.objects.order_by("pk").values_list("number", flat=True))


@pytest.mark.parametrize("case_count", [1, 3])
def test_verify_history_costs_two_queries_a_batch(
    case_count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _each in range(case_count):
        logged_case()

    with django_assert_num_queries(3):  # the third finds no further batch
        assert found() == []


def test_verify_history_command_says_what_holds(case: Case) -> None:
    out = StringIO()

    call_command("verify_history", stdout=out)
    call_command("verify_history", case=case.number, stdout=out)

    assert out.getvalue() == "The histories of 3 cases hold.\nThe history of 1 case holds.\n"


def test_verify_history_command_fails_and_names_the_line(case: Case) -> None:
    let_lines_be_bent()
    CaseEvent.objects.filter(case=case, seq=4).update(details={})
    out = StringIO()

    with pytest.raises(CommandError, match="1 of 3"):
        call_command("verify_history", stdout=out)

    assert out.getvalue() == f"{case.number}: line 4 (commented) does not fit its digest\n"
    with pytest.raises(CommandError, match="no case X"):
        call_command("verify_history", case="X")
