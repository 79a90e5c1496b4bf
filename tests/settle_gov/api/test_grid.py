"""Who may do what through the API: every operation × every role × what is one's own and what is far away.

The operations are those of the OpenAPI document, so that none can be left out: a new one fails here until the table
says whose it is.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from settle_gov.api.openapi.document import document
from stakeholders.roles import Role
from tests.api import ApiClient
from tests.factories.stakeholders import MembershipFactory
from tests.photos import photo
from tests.settle_gov.api.worlds import World, far, member_of, near, world

pytestmark = pytest.mark.django_db

GRID, HANDLER, COORDINATOR, AUDITOR, ADMIN, CLIENT = Role
EVERYBODY = frozenset(Role)
PUBLIC = {"health_get", "public_cases_create", "public_cases_get", "ready_get"}

WHO: dict[frozenset[Role], str] = {
    EVERYBODY: """
        areas_get areas_list buildings_get buildings_list bulk_get bulk_rows_list cases_attach
        cases_attachments_get cases_attachments_list cases_comment cases_custody_list cases_disputes_list
        cases_escalations_list cases_events_list cases_explain_get cases_findings_list cases_get cases_list
        cases_stances_list cases_time_requests_list cases_timers_list changes_get coverage_episodes_get
        coverage_episodes_list coverage_get coverage_matrix_get coverage_what_if_create estates_get estates_list
        grids_get grids_list findings_get findings_list mandates_get mandates_list me_get need_classes_get
        need_classes_list need_items_get need_items_list parties_get parties_list rulings_get rulings_list schema_get
        webhooks_deliveries_list webhooks_get webhooks_list
    """,
    frozenset({GRID, COORDINATOR, CLIENT}): "bulk_create cases_create cases_rate",
    frozenset({GRID, COORDINATOR, ADMIN, CLIENT}): "households_get households_list residents_get residents_list",
    frozenset({GRID, COORDINATOR}): "cases_close cases_rework cases_verify residents_reveal",
    frozenset({HANDLER}): """
        cases_accept cases_contact cases_extend cases_put_in_charge cases_resolve cases_return
    """,
    frozenset({HANDLER, COORDINATOR}): "cases_hold cases_resume",
    frozenset({COORDINATOR}): """
        cases_change cases_correct cases_decide_extension cases_decide_hold cases_extend_timer cases_link_duplicate
        cases_locate cases_reassign cases_reopen cases_rule cases_start_timer cases_stop_timer cases_void
        mandates_create mandates_end mandates_withdraw rulings_create rulings_withdraw
    """,
    frozenset({COORDINATOR, AUDITOR, ADMIN, CLIENT}): """
        deadline_rules_get deadline_rules_list escalation_rules_dry_run_get escalation_rules_get escalation_rules_list
        handoffs_get statistics_get work_calendar_get
    """,
    frozenset({ADMIN}): """
        areas_change areas_create buildings_change buildings_create deadline_rules_change deadline_rules_create
        deadline_rules_remove escalation_rules_change escalation_rules_create estates_change estates_create grids_change
        grids_create households_change households_create imports_create imports_errors_list imports_get imports_list
        imports_refused_rows_get imports_start need_classes_change need_classes_create need_items_change
        need_items_create parties_change parties_close parties_create residents_change residents_create revealings_list
        work_calendar_change work_calendar_confirm work_calendar_withdraw
    """,
    frozenset({COORDINATOR, ADMIN, CLIENT}): """
        webhooks_change webhooks_create webhooks_deliveries_redeliver webhooks_remove
    """,
    frozenset(): "cases_claim cases_disclaim",  # for other parties than the one that leads: see test_every_action.py
}
MAY = {name: roles for roles, names in WHO.items() for name in names.split()}
# The same wherever one is: read by all who may, and written by nobody who is not alone
GLOBAL = {"need-classes", "need-items", "deadline-rules", "escalation-rules", "work-calendar"}
NAMES_NO_PLACE = {"webhooks_create", "bulk_create"}  # the rows of a job are looked at when their turn comes

Operation = tuple[str, str, str, bool]  # its name, method and address, and whether it takes files


def operations() -> Iterator[Operation]:
    """All that the document describes."""
    for path, methods in document("en")["paths"].items():
        for method, described in methods.items():
            sent = described.get("requestBody", {}).get("content", {})
            yield described["operationId"], method, path, "multipart/form-data" in sent


OPERATIONS = list(operations())


def resource(path: str) -> str:
    return path.split("/")[3]


def asked(client: Client, operation: Operation, place: World) -> Any:
    """Do it to what is there."""
    name, method, path, takes_files = operation
    address = path.format(**place.keys.get(resource(path), {}))
    body = place.bodies.get(name, {})
    if takes_files and name not in place.bodies:
        return client.post(address, {"file": photo(), "kind": "after"})
    if method == "get":
        estate = {"estate": place.building.estate.code} if name == "coverage_get" else {}
        return client.get(address, estate)
    return client.generic(method.upper(), address, json.dumps(body), content_type="application/json")


@pytest.fixture(autouse=True)
def _uncounted(settings: Settings, tmp_path: Path) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    settings.MEDIA_ROOT = tmp_path


def test_table_has_every_operation_and_no_other() -> None:
    assert sorted([*MAY, *PUBLIC]) == sorted(name for name, *_rest in OPERATIONS)


def test_nobody_in_particular_may_do_only_what_is_public() -> None:
    building = near()
    place = world(building, member_of(Role.COORDINATOR, building))

    refused = {each[0] for each in OPERATIONS if asked(ApiClient(), each, place).status_code == 401}

    assert refused == set(MAY)


@pytest.mark.parametrize("role", Role)
def test_role_may_do_what_the_table_says_with_what_is_its_own(role: Role) -> None:
    building = near()
    member = member_of(role, building)
    place, client = world(building, member), ApiClient(member)

    allowed = set()
    for each in OPERATIONS:
        with transaction.atomic():
            response = asked(client, each, place)
            transaction.set_rollback(True)
            if response.streaming:
                b"".join(response.streaming_content)  # to its end, where the file is closed
        assert response.status_code not in {401, 405, 500}, each
        if response.status_code != 403:
            assert response.status_code != 404 or each[0] == "public_cases_get", (
                each
            )  # which nobody was given a code for
            allowed.add(each[0])

    assert allowed - PUBLIC == {name for name, roles in MAY.items() if role in roles}


@pytest.mark.parametrize("role", Role)
def test_role_may_do_nothing_with_what_is_far_away(role: Role) -> None:
    member, there = member_of(role, near()), far()
    stranger = MembershipFactory(coordinator=True, area=there.estate.area)
    place, client = world(there, stranger), ApiClient(member)

    for each in OPERATIONS:
        name, method, path, _files = each
        is_for_all = resource(path) in GLOBAL
        if name in PUBLIC or name in NAMES_NO_PLACE or (is_for_all and method == "get"):
            continue
        with transaction.atomic():
            response = asked(client, each, place)
            transaction.set_rollback(True)
        if is_for_all and name != "deadline_rules_create":  # which names a place, as others do
            assert response.status_code == 403, each
        elif "{" in path:
            assert response.status_code in ({404} if role in MAY[name] else {403, 404}), each
        elif name in place.bodies or name == "coverage_get":
            assert response.status_code in ({400} if role in MAY[name] else {400, 403}), each
        else:
            assert place.building.code not in response.content.decode(), each
            assert place.keys["cases"]["number"] not in response.content.decode(), each
