"""Saving fields of many rows by one statement: every type of column comes back as it was given."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from cases.bulk import insert, save_fields
from cases.models import Case, CaseEvent, Custody, Finding
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
ODD = 'he said "no" – it\'s 100% {x} \\ $1 ? ; -- 𠮷野家\n\t垃圾'


def saved(case: Case, **values: Any) -> Case:
    for name, value in values.items():
        setattr(case, name, value)
    save_fields([case], list(values))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ODD[:100]),
        ("description", ODD),
        ("description", ""),
        ("location_note", "null"),
        ("returns", 7),
        ("due_is_provisional", True),
        ("due_is_provisional", False),
        ("reporter_is_anonymous", True),
        ("contacted_at", None),
        ("contacted_at", datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC)),
        ("contacted_at", MONDAY),
        ("deadlines", {"resolve": {"rule": None, "steps": [ODD, 1.5, True, None], "x": {}}}),
        ("deadlines", {}),
        ("household", None),
    ],
)
def test_save_fields_keeps_every_type_of_column(name: str, value: object) -> None:
    assert getattr(saved(logged_case(), **{name: value}), name) == value


def test_save_fields_keeps_foreign_keys_of_either_kind() -> None:
    case, other = logged_case(), logged_case()
    party = MandateFactory(item="1.1").party
    handler = MembershipFactory(party=party)

    after = saved(case, lead=party, in_charge=handler, area=other.area, grid=other.grid, main_case=other)

    assert (after.lead, after.in_charge, after.area, after.grid, after.main_case) == (
        *(party, handler, other.area, other.grid, other),
    )
    assert saved(after, in_charge=None, main_case=None).main_case is None


def test_save_fields_gives_each_row_its_own_and_touches_nothing_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cases, untouched = [logged_case() for _ in range(3)], logged_case()
    for number, case in enumerate(cases):
        case.returns, case.contacted_at = number, MONDAY + timedelta(microseconds=number) if number else None
        case.title = "not saved"

    with django_assert_num_queries(1):
        save_fields(cases, ["returns", "contacted_at", "returns"])
    with django_assert_num_queries(0):
        save_fields([], ["returns"])

    after = list(Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk"))
    assert [each.returns for each in after] == [0, 1, 2]
    assert [each.contacted_at for each in after] == [None, *(case.contacted_at for case in cases[1:])]
    assert "not saved" not in {each.title for each in after}
    assert Case.objects.get(pk=untouched.pk).returns == 0


def test_save_fields_never_cuts_a_text_that_is_longer_than_its_column() -> None:
    case, long = logged_case(), "长" * 121

    try:
        with transaction.atomic():
            saved(case, title=long)
    except DataError:  # PostgreSQL refuses it, as an assignment does; SQLite keeps no length of texts
        assert connection.vendor == "postgresql"
        assert Case.objects.get(pk=case.pk).title == "垃圾满溢、污水外流"
    else:
        assert Case.objects.get(pk=case.pk).title == long


@pytest.mark.parametrize("count", [1, 3])
def test_insert_writes_rows_that_are_all_alike(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    case, party = logged_case(), PartyFactory()
    row = {"case_id": case.pk, "party_id": party.pk, "role": "support", "since": MONDAY, "until": MONDAY}

    with django_assert_num_queries(1):
        keys = insert(Custody, [row | {"ending": "closed"}] * count)

    assert set(keys) == set(case.custodies.filter(party=party).values_list("pk", flat=True))
    assert case.custodies.filter(party=party, until=MONDAY, ending="closed").count() == count


def test_insert_returns_the_key_of_each_row() -> None:
    cases = [logged_case() for _ in range(3)]
    rows = [
        {
            "case_id": case.pk,
            "kind": "stalled",
            "since": MONDAY,
            "opened_at": MONDAY,
            "evidence": {"party": f'a"b\\{n}，中'},
        }
        for n, case in enumerate(cases)
    ]

    found = [Finding.objects.get(pk=key) for key in insert(Finding, rows)]

    assert [each.evidence for each in found] == [row["evidence"] for row in rows]
    assert [each.case for each in found] == cases
    assert insert(Finding, []) == []


def test_insert_gives_what_is_not_named_its_default() -> None:
    (key,) = insert(Finding, [{"case_id": logged_case().pk, "kind": "stalled", "since": MONDAY, "opened_at": MONDAY}])

    found = Finding.objects.get(pk=key)
    assert (found.evidence, found.cleared_at) == ({}, None)


def test_among_finds_the_rows_of_these_keys(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    first, second, _third = (logged_case() for _ in range(3))
    keys = [first.pk, second.pk, *range(10**6, 10**6 + 40_000)]  # more than SQLite takes as parameters

    with django_assert_num_queries(3):
        assert set(Case.objects.filter(pk__among=keys)) == {first, second}
        assert {event.case_id for event in CaseEvent.objects.filter(case__pk__among=keys)} == {first.pk, second.pk}
        assert Case.objects.filter(pk__among={first.pk: ...}).update(returns=2) == 1


def test_among_none_is_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    logged_case()

    with django_assert_num_queries(0):
        assert not Case.objects.filter(pk__among=[])
        assert Case.objects.filter(pk__among=[]).update(returns=2) == 0
