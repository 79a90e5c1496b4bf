"""Every action by REST: it does it, and refuses by 403, 409 and 400 with the field named."""

from typing import Any

import pytest

from cases.api.actions import DEEDS
from cases.models import Case, CaseEvent
from cases.policies import NEEDS
from cases.workflow import Action
from stakeholders.models import Membership
from tests.api import ROOT, ApiClient, refused
from tests.cases.cast import Cast, moved_on
from tests.cases.ways import WAYS
from tests.factories.stakeholders import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads")]
ACTIONS = list(Action)
SOME_MAY = [action for action in Action if NEEDS[action] is not None]


def act(by: Membership, case: Case, action: Action, body: dict[str, Any], **extra: Any) -> Any:
    """POST the body, a file as a form."""
    client, path = ApiClient(by), f"cases/{case.number}/{action}/"
    if not DEEDS[action].keeps_files:
        return client.send(path, body, **extra)
    return client.post(ROOT + path, body, **extra)


def test_every_action_can_be_done_by_rest() -> None:
    assert list(DEEDS) == ACTIONS


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_done_and_the_answer_is_the_case(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case, by = way.make(cast), getattr(cast, way.who)

    response = act(by, case, action, way.body(cast))

    assert response.status_code == 200, response.content.decode()
    answer = response.json()
    assert (answer["number"], answer["stage"]) == (case.number, way.stage)
    assert response["ETag"] == f'"{answer["version"]}"'
    assert case.events.filter(kind=way.kind, by=by).exists()


@pytest.mark.parametrize("action", SOME_MAY)
def test_action_is_refused_to_who_may_not(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)

    refused(act(cast.auditor, case, action, way.body(cast)), 403)
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("action", ACTIONS)
def test_action_that_is_not_possible_now_names_those_that_are(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case = moved_on(way.make(cast), cast)
    by = getattr(cast, way.who)

    problem = refused(act(by, case, action, way.wrong), 409)

    assert problem["code"] == "stage"
    assert problem["allowed_actions"] == ApiClient(by).read(f"cases/{case.number}/")["allowed_actions"]
    assert action not in problem["allowed_actions"]


@pytest.mark.parametrize("action", ACTIONS)
def test_action_names_the_fields_that_are_wrong(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)

    refused(act(getattr(cast, way.who), case, action, way.wrong), 400, *way.at)
    assert Case.objects.get(pk=case.pk).version == case.version
    assert CaseEvent.objects.filter(case=case).count() == case.head_seq


@pytest.mark.parametrize("action", ACTIONS)
def test_action_takes_no_field_that_is_not_its_own(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case = way.make(cast)

    refused(act(getattr(cast, way.who), case, action, {**way.body(cast), "colour": "red"}), 400, "colour")


@pytest.mark.parametrize("action", ACTIONS)
def test_action_holds_for_the_version_that_was_read(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case, body = way.make(cast), way.body(cast)

    refused(act(getattr(cast, way.who), case, action, body, headers={"if-match": '"0"'}), 412)
    assert Case.objects.get(pk=case.pk).version == case.version


@pytest.mark.parametrize("action", ACTIONS)
def test_action_is_nowhere_for_who_does_not_see_the_case(cast: Cast, action: Action) -> None:
    way = WAYS[action]
    case, stranger = way.make(cast), MembershipFactory()

    refused(act(stranger, case, action, way.body(cast)), 404)


# What bodies of single actions refuse


@pytest.mark.parametrize(
    ("action", "body", "names"),
    [
        ("rule", {}, ["scope"]),
        ("rule", {"scope": "case", "estate": "ESTATE", "need_item": "3.1"}, ["estate", "need_item"]),
        ("rule", {"scope": "case", "valid_until": "2027-01-01T00:00:00+08:00"}, ["valid_until"]),
        ("rule", {"need_item": "3.1"}, ["scope"]),
        ("rule", {"estate": "ESTATE", "valid_from": "2027-01-01T00:00:00+08:00"}, ["valid_from"]),
        ("rule", {"scope": "case", "document_no": "9" * 81}, ["document_no"]),
        ("reassign", {"supports": "x"}, ["supports"]),
        ("reassign", {"supports": [None]}, ["supports.0"]),
        ("reassign", {"supports": ["PARTY"] * 21}, ["supports"]),
    ],
)
def test_body_says_what_does_not_go_together(cast: Cast, action: str, body: dict[str, Any], names: list[str]) -> None:
    case = cast.returned()
    given = {"lead": cast.other.party.code, "reason": "x", **body}
    if given.get("supports") == ["PARTY"] * 21:
        given["supports"] = [cast.lead.party.code] * 21
    if "estate" in given:
        given["estate"] = cast.building.estate.code

    refused(act(cast.coordinator, case, Action(action), given), 400, *names)


@pytest.mark.parametrize("action", [Action.EXTEND, Action.HOLD])
@pytest.mark.parametrize(
    ("span", "names"),
    [
        ({}, ["until"]),
        ({"amount": 2}, ["unit"]),
        ({"unit": "hour"}, ["until"]),
        ({"until": "2026-11-20T12:00:00+08:00", "amount": 2, "unit": "hour"}, ["until"]),
        ({"until": "2026-11-20T12:00:00+08:00", "unit": "hour"}, ["unit"]),
        ({"until": "2026-11-16T09:00:00+08:00"}, ["until"]),
        ({"amount": 10_000, "unit": "hour"}, ["amount"]),
        ({"amount": True, "unit": "hour"}, ["amount"]),
        ({"until": None}, ["until"]),
    ],
)
def test_span_is_an_amount_with_its_unit_or_a_moment(
    cast: Cast, action: Action, span: dict[str, Any], names: list[str]
) -> None:
    case = cast.handling()

    refused(act(cast.lead, case, action, {"reason": "等配件", **span}), 400, *names)


@pytest.mark.parametrize("action", [Action.EXTEND, Action.HOLD])
def test_span_may_be_a_moment(cast: Cast, action: Action) -> None:
    case = cast.handling()
    until = case.resolve_due_at + (case.resolve_due_at - case.reported_at) / 10

    answer = act(cast.lead, case, action, {"reason": "等配件", "until": until.isoformat()}).json()

    assert answer["asked"] == {"extend": "extension", "hold": "hold"}[action]


@pytest.mark.parametrize("scope", ["building", "estate"])
def test_rule_goes_to_the_ledger_where_it_names_a_place(cast: Cast, scope: str) -> None:
    case = cast.returned()
    place = {"building": cast.building.code, "estate": cast.building.estate.code}[scope]
    body = {"lead": cast.other.party.code, "reason": "按合同", "document_no": "清政〔2026〕8 号"}

    answer = act(cast.coordinator, case, Action.RULE, {**body, scope: place, "need_item": "3.1"}).json()

    assert answer["lead"] == cast.other.party.code
    ruled = case.rulings.get()
    assert getattr(ruled.ruling, scope).code == place
    assert cast.logged().lead == cast.other.party


def test_reassign_names_those_who_support(cast: Cast) -> None:
    case = cast.logged()
    body = {"lead": cast.other.party.code, "supports": [cast.lead.party.code], "reason": "先办"}

    answer = act(cast.coordinator, case, Action.REASSIGN, body).json()

    assert answer["supports"] == [cast.lead.party.code]


def test_put_in_charge_knows_the_handlers_of_the_own_party_alone(cast: Cast) -> None:
    case = cast.logged()

    refused(act(cast.lead, case, Action.PUT_IN_CHARGE, {"person": cast.other.user.username}), 400, "person")


def test_rating_not_solved_reopens_the_case(cast: Cast) -> None:
    case = cast.closed()

    answer = act(cast.coordinator, case, Action.RATE, {"solved": False}).json()

    assert (answer["stage"], answer["cycle"], answer["lead"]) == ("dispatched", 2, cast.lead.party.code)
    assert answer["reopened_at"] == "2026-11-16T10:14:00+08:00"


@pytest.mark.parametrize("answer", ["true", 1, "yes"])
def test_rating_takes_true_false_and_null(cast: Cast, answer: Any) -> None:
    refused(act(cast.coordinator, cast.closed(), Action.RATE, {"solved": answer}), 400, "solved")


def test_close_asks_how_it_was_checked_unless_somebody_has_verified_it(cast: Cast) -> None:
    case = cast.resolved()

    act(cast.coordinator, case, Action.VERIFY, {"reason": "现场核查"})

    assert act(cast.coordinator, case, Action.CLOSE, {}).json()["stage"] == "closed"


def test_attach_wants_a_form_and_the_others_json(cast: Cast) -> None:
    case = cast.handling()
    client, path = ApiClient(cast.lead), f"cases/{case.number}/"

    refused(client.send(f"{path}attach/", {"kind": "before"}), 415)
    refused(client.post(f"{ROOT}{path}comment/", {"reason": "x"}), 415)
