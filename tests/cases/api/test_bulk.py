"""/api/v1/bulk/: many cases at once, done later, each row with its own result."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import BulkJob
from stakeholders.models import Membership
from tests.api import ApiClient, refused
from tests.factories.bulk import bulk_job, rows_to_log, worked_off
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def client(coordinator: Membership) -> ApiClient:
    return ApiClient(coordinator)


def test_job_is_accepted_and_can_be_followed(client: ApiClient) -> None:
    rows = [*rows_to_log(2), {}]

    response = client.send("bulk/", {"kind": "create", "rows": rows})

    job = BulkJob.objects.get()
    assert response.status_code == 202
    assert response["Location"] == f"http://testserver/api/v1/bulk/{job.pk}/"
    answer = response.json()
    assert answer == {
        "id": job.pk,
        "kind": "create",
        "state": "waiting",
        "total": 3,
        "done": 0,
        "refused": 0,
        "created_at": answer["created_at"],
        "started_at": None,
        "finished_at": None,
    }
    worked_off(job)
    shown = client.read(f"bulk/{job.pk}/")
    assert (shown["state"], shown["done"], shown["refused"]) == ("done", 2, 1)
    assert shown["finished_at"] is not None


def test_rows_come_in_the_order_in_which_they_were_sent(client: ApiClient, coordinator: Membership) -> None:
    job = bulk_job(coordinator, [*rows_to_log(1), {}, *rows_to_log(1)])
    rows = worked_off(job)

    first = client.read(f"bulk/{job.pk}/rows/", page_size=2)

    assert first["results"] == [
        {"index": 0, "state": "done", "case": rows[0].case.number, "errors": []},
        {
            "index": 1,
            "state": "refused",
            "case": None,
            "errors": [
                {"name": "title", "code": "required", "reason": "This field is required."},
            ],
        },
    ]
    second = client.get(first["next"]).json()
    assert [row["index"] for row in second["results"]] == [2]
    assert [row["index"] for row in client.read(f"bulk/{job.pk}/rows/", state="refused")["results"]] == [1]


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({}, ["kind", "rows"]),
        ([], [""]),
        ({"kind": "x", "rows": [{}]}, ["kind"]),
        ({"kind": "create", "rows": {}}, ["rows"]),
        ({"kind": "create", "rows": None}, ["rows"]),
        ({"kind": "create", "rows": []}, ["rows"]),
        ({"kind": "create", "rows": [{}] * 5001}, ["rows"]),
        ({"kind": "create", "rows": [{}, 1, {}, None]}, ["rows.1", "rows.3"]),
        ({"kind": "create", "rows": [{}], "reason": "x"}, ["reason"]),
        ({"kind": "reassign", "rows": [{}], "reason": "x\0"}, ["reason"]),
        ({"kind": "reassign", "rows": [{}], "reason": 1}, ["reason"]),
        ({"kind": "create", "rows": [{}], "due": 1}, ["due"]),
    ],
    ids=range(12),
)
def test_what_is_wrong_with_the_whole_is_told_at_once(client: ApiClient, body: Any, names: list[str]) -> None:
    refused(client.send("bulk/", body), 400, *names)

    assert not BulkJob.objects.exists()


def test_who_may_never_is_told_at_once() -> None:
    refused(ApiClient(MembershipFactory(auditor=True)).send("bulk/", {"kind": "create", "rows": [{}]}), 403)
    refused(ApiClient(MembershipFactory()).send("bulk/", {"kind": "reassign", "rows": [{}]}), 403)
    refused(ApiClient().send("bulk/", {"kind": "create", "rows": [{}]}), 401)


def test_jobs_of_others_are_not_there(coordinator: Membership) -> None:
    job = bulk_job(coordinator)
    others = [ApiClient(MembershipFactory(**who)) for who in ({"coordinator": True}, {"administrator": True})]

    for other in others:
        refused(other.get(f"/api/v1/bulk/{job.pk}/"), 404)
        refused(other.get(f"/api/v1/bulk/{job.pk}/rows/"), 404)


def test_no_job_has_a_number_past_all_bounds(client: ApiClient) -> None:
    refused(client.get(f"/api/v1/bulk/{10**30}/"), 404)
    refused(client.get(f"/api/v1/bulk/{10**30}/rows/"), 404)


def test_unknown_state_and_parameter_are_refused(client: ApiClient, coordinator: Membership) -> None:
    job = bulk_job(coordinator)

    refused(client.get(f"/api/v1/bulk/{job.pk}/rows/", {"state": "lost"}), 400, "state")
    refused(client.get(f"/api/v1/bulk/{job.pk}/rows/", {"colour": "red"}), 400, "colour")


def test_the_same_key_sends_a_job_once(client: ApiClient) -> None:
    body = {"kind": "create", "rows": rows_to_log()}

    answers = [client.send("bulk/", body, headers={"Idempotency-Key": "k1"}) for _each in range(2)]

    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert BulkJob.objects.count() == 1


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_three_queries(
    client: ApiClient, coordinator: Membership, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = bulk_job(coordinator, rows_to_log(count))
    worked_off(job)
    client.read("areas/")  # notes that the token is in use

    with django_assert_num_queries(3):  # the token, the job, its rows with their cases
        assert len(client.read(f"bulk/{job.pk}/rows/")["results"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_job_costs_two_queries(
    client: ApiClient, coordinator: Membership, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    job = bulk_job(coordinator, rows_to_log(count))
    client.read("areas/")

    with django_assert_num_queries(2):
        assert client.read(f"bulk/{job.pk}/")["total"] == count


def test_rows_are_counted_before_they_are_looked_at(client: ApiClient) -> None:
    answer = refused(client.send("bulk/", {"kind": "create", "rows": [1] * 200_000}), 400, "rows")

    assert [each["reason"] for each in answer["errors"]] == ["Give at most 5000 rows."]
