"""POST /api/v1/cases/{number}/{action}/: each action with its body, in every stage, for every role."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from cases.models import Case, CaseEvent
from cases.services.resolve_case import resolve_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Membership
from tests.api import ApiClient, refused
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory, PartyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def handler() -> Membership:
    """Somebody of the party that answers for waste."""
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


def act(by: Membership, case: Case, action: str, **body: Any) -> Any:
    return ApiClient(by).send(f"cases/{case.number}/{action}/", body)


def done(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.content.decode()
    answer: dict[str, Any] = response.json()
    assert response["ETag"] == f'"{answer["version"]}"'
    return answer


def last_event(case: Case) -> CaseEvent:
    return case.events.latest("seq")


def test_case_goes_from_report_to_close(handler: Membership, coordinator: Membership) -> None:
    case = logged_case()

    assert done(act(handler, case, "accept", reason="马上去"))["stage"] == "handling"
    assert last_event(case).details == {"reason": "马上去"}
    assert done(act(handler, case, "contact", reason="电话联系"))["contacted_at"]
    assert done(act(handler, case, "resolve", reason="已清运"))["stage"] == "resolved"
    assert done(act(coordinator, case, "rework", reason="仍满溢"))["stage"] == "handling"
    assert done(act(handler, case, "resolve", reason="再次清运"))["resolved_at"]
    closed = done(act(coordinator, case, "close", reason="现场核查"))

    assert (closed["stage"], closed["allowed_actions"]) == ("closed", ["rate", "reopen"])
    assert last_event(case).kind == "closed"
    assert last_event(case).by == coordinator


def test_return_leaves_a_vacuum(handler: Membership) -> None:
    case = logged_case()

    answer = done(act(handler, case, "return", ground="不在合同内", legal_basis="物业管理条例第 35 条"))

    assert (answer["stage"], answer["responsibility"], answer["lead"]) == ("opened", "vacuum", None)
    assert answer["returns"] == 1
    assert [finding["kind"] for finding in answer["open_findings"]] == ["vacuum"]


def test_reassign_gives_it_to_another_party(handler: Membership, coordinator: Membership) -> None:
    case, other = logged_case(), PartyFactory()

    answer = done(act(coordinator, case, "reassign", lead=other.code, reason="合同约定"))

    assert (answer["lead"], answer["handoffs"]) == (other.code, 1)


def test_locate_routes_a_case_without_an_item(handler: Membership, coordinator: Membership) -> None:
    building = BuildingFactory()
    case = logged_case(building=building, need_item=None)

    answer = done(
        act(coordinator, case, "locate", estate=building.estate.code, building=building.code, need_item="3.1")
    )

    assert (answer["need_item"], answer["lead"]) == ("3.1", handler.party.code)


def test_void_ends_it_and_comment_changes_nothing(coordinator: Membership) -> None:
    case = logged_case()

    assert done(act(coordinator, case, "comment", reason="已问过"))["stage"] == "opened"
    assert done(act(coordinator, case, "void", reason="误报"))["stage"] == "void"


def test_action_that_the_stage_does_not_allow_names_those_it_does(handler: Membership) -> None:
    case = logged_case()

    problem = refused(act(handler, case, "resolve", reason="已清运"), 409)

    assert problem["code"] == "stage"
    assert problem["allowed_actions"] == ["accept", "return", "put_in_charge", "comment", "attach"]
    assert Case.objects.get().version == case.version


@pytest.mark.parametrize("action", ["accept", "contact", "resolve"])
def test_handling_is_for_the_party_that_leads(handler: Membership, coordinator: Membership, action: str) -> None:
    case = logged_case()
    body = {} if action == "accept" else {"reason": "已清运"}

    refused(act(coordinator, case, action, **body), 403)
    assert Case.objects.get().version == case.version


def test_party_that_handles_never_closes(handler: Membership) -> None:
    case = resolve_case(sign_for_case(logged_case(), by=handler), reason="已清运", by=handler)

    refused(act(handler, case, "close"), 403)
    refused(act(MembershipFactory(grid_worker=True, party=handler.party, grid=case.grid), case, "close"), 403)
    assert (
        done(act(MembershipFactory(grid_worker=True, grid=case.grid), case, "close", reason="核查"))["stage"]
        == "closed"
    )


@pytest.mark.parametrize(
    ("action", "body", "names"),
    [
        ("reassign", {}, ["lead", "reason"]),
        ("reassign", {"lead": "nobody", "reason": "x"}, ["lead"]),
        ("reassign", {"lead": ["p"], "reason": "x"}, ["lead"]),
        ("void", {"reason": ""}, ["reason"]),
        ("void", {"reason": None}, ["reason"]),
        ("void", {"reason": "\0"}, ["reason"]),
        ("void", {"reason": "x" * 20_001}, ["reason"]),
        ("comment", {"reason": "x", "stage": "closed"}, ["stage"]),
        ("locate", {"estate": "nowhere", "need_item": "99.9"}, ["estate", "need_item"]),
    ],
)
def test_action_names_the_wrong_field_and_changes_nothing(
    coordinator: Membership, action: str, body: dict[str, Any], names: list[str]
) -> None:
    case = logged_case(need_item=None)
    before = Case.objects.values().get()

    refused(act(coordinator, case, action, **body), 400, *names)

    assert Case.objects.values().get() == before
    assert CaseEvent.objects.count() == case.head_seq


def test_action_wants_an_object(coordinator: Membership) -> None:
    case = logged_case()

    refused(ApiClient(coordinator).send(f"cases/{case.number}/comment/", ["reason"]), 400, "")


def test_reassign_to_who_has_it_says_so(handler: Membership, coordinator: Membership) -> None:
    case = logged_case()

    refused(act(coordinator, case, "reassign", lead=handler.party.code, reason="x"), 400, "lead")


def test_reassign_knows_no_party_of_elsewhere(coordinator: Membership) -> None:
    case = logged_case(need_item=item("1.1"))
    elsewhere = PartyFactory(area__code="440106000000")

    refused(act(coordinator, case, "reassign", lead=elsewhere.code, reason="x"), 400, "lead")


def test_write_holds_for_the_version_that_was_read(coordinator: Membership) -> None:
    case = logged_case()
    client = ApiClient(coordinator)
    path = f"cases/{case.number}/comment/"

    assert client.send(path, {"reason": "1"}, headers={"if-match": f'"{case.version}"'}).status_code == 200
    problem = refused(client.send(path, {"reason": "2"}, headers={"if-match": f'"{case.version}"'}), 412)

    assert problem["code"] == "changed"
    assert case.events.filter(kind="commented").count() == 1
    assert client.send(path, {"reason": "3"}, headers={"if-match": "*"}).status_code == 200


def test_action_is_posted(coordinator: Membership) -> None:
    refused(ApiClient(coordinator).get(f"/api/v1/cases/{logged_case().number}/close/"), 405)


def test_action_is_for_members() -> None:
    refused(ApiClient().send(f"cases/{logged_case().number}/comment/", {"reason": "x"}), 401)


def test_comment_costs_few_queries(coordinator: Membership, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    case = logged_case()
    client = ApiClient(coordinator)
    client.read("me/")

    with django_assert_num_queries(12):  # who 1, the case 1, four savepoints, the service 4, the answer 4
        client.send(f"cases/{case.number}/comment/", {"reason": "已问过"})


def test_a_list_is_counted_before_its_codes_are_looked_up(django_assert_max_num_queries: Any) -> None:
    client = ApiClient(MembershipFactory(coordinator=True))
    case = logged_case()
    lead, supports = PartyFactory().code, [f"p{number}" for number in range(3_000)]

    with django_assert_max_num_queries(8):
        answer = client.send(f"cases/{case.number}/reassign/", {"lead": lead, "reason": "x", "supports": supports})

    assert "20" in refused(answer, 400, "supports")["errors"][0]["reason"]


def test_codes_of_a_list_are_looked_up_at_one_stroke_and_each_that_is_unknown_is_named() -> None:
    client = ApiClient(MembershipFactory(coordinator=True))
    case, known = logged_case(), PartyFactory().code
    body = {"lead": PartyFactory().code, "reason": "x", "supports": [known, "nope", "nix"]}

    answer = refused(client.send(f"cases/{case.number}/reassign/", body), 400)

    assert [each["name"] for each in answer["errors"]] == ["supports.1", "supports.2"]
