"""PATCH /api/v1/cases/{number}/: what was reported is put right under the address of the case."""

from typing import Any

import pytest

from cases.models import Case
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.cases.cast import Cast
from tests.factories.stakeholders import HouseholdFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def patch(by: Membership, case: Case, body: Any, **extra: Any) -> Any:
    return ApiClient(by).patch(f"{ROOT}cases/{case.number}/", body, content_type="application/json", **extra)


def test_patch_corrects_the_case_and_answers_with_it(cast: Cast) -> None:
    case, household = cast.handling(), HouseholdFactory(building=cast.building)
    body = {
        "title": "7 栋垃圾满溢",
        "description": "三天没有清运",
        "location_note": "东门",
        "urgency": "U",
        "household": household.code,
        "external_id": "12345-7",
        "reporter": {"name": "刘桂兰", "phone": "13800002607"},
        "reason": "记错了",
    }

    response = patch(cast.coordinator, case, body, headers={"if-match": f'"{case.version}"'})

    answer = response.json()
    assert response.status_code == 200, answer
    kept = ("title", "description", "location_note", "urgency", "household", "external_id")
    assert {name: answer[name] for name in kept} == {name: body[name] for name in kept}
    assert (answer["version"], response["ETag"]) == (case.version + 1, f'"{case.version + 1}"')
    assert answer == ApiClient(cast.coordinator).read(f"cases/{case.number}/")
    told = ApiClient(cast.auditor).get(f"{ROOT}cases/{case.number}/events/").content.decode()
    assert "13800002607" not in told
    assert Case.objects.get(pk=case.pk).reporter_phone == "13800002607"


def test_patch_refuses_a_version_that_is_past(cast: Cast) -> None:
    case = cast.handling()

    refused(patch(cast.coordinator, case, {"title": "x"}, headers={"if-match": '"0"'}), 412)
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"stage": "closed", "lead": "x", "need_item": "3.1"}, ["lead", "need_item", "stage"]),
        ({"title": None}, ["title"]),
        ({"title": 5}, ["title"]),
        ({"title": "a\0b"}, ["title"]),
        ({"title": "字" * 121}, ["title"]),
        ({"urgency": "X"}, ["urgency"]),
        ({"household": "nowhere"}, ["household"]),
        ({"reporter": {"phone": 5, "colour": "red"}}, ["reporter.colour", "reporter.phone"]),
        ({"reporter": {"anonymous": "yes"}}, ["reporter.anonymous"]),
        ([], None),
        ("x", None),
    ],
)
def test_patch_names_what_is_wrong(cast: Cast, body: Any, names: list[str] | None) -> None:
    case = cast.handling()

    refused(patch(cast.coordinator, case, body), 400, *(names or ()))
    assert Case.objects.get(pk=case.pk).version == case.version


def test_patch_that_changes_nothing_says_so(cast: Cast) -> None:
    case = cast.handling()

    for body in ({}, {"title": case.title}, {"reason": "x"}):
        [error] = refused(patch(cast.coordinator, case, body), 400)["errors"]
        assert error["code"] == "unchanged"


def test_patch_is_403_404_and_409_like_every_action(cast: Cast) -> None:
    case = cast.closed()

    refused(patch(cast.lead, case, {"title": "x"}), 403)
    refused(patch(MembershipFactory(), case, {"title": "x"}), 404)
    assert refused(patch(cast.coordinator, case, {"title": 5}), 409)["allowed_actions"] == ["rate", "reopen"]
