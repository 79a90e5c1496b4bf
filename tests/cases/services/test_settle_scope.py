"""Settling who leads: the ruling, the episodes it ends and the cases that waited for it, in one transaction."""

import pytest

from cases.services.settle_scope import settle_scope
from stakeholders.models import Episode
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def test_settle_scope_closes_the_episodes_and_moves_the_cases_that_waited() -> None:
    building = BuildingFactory()
    heads = [MandateFactory(estate=building.estate).party for _each in range(2)]
    case = logged_case(building=building)
    refresh_episodes()

    settle_scope(
        heads[0], by=MembershipFactory(coordinator=True), reason="合同", estate=building.estate, need_item=item()
    )

    case.refresh_from_db()
    assert (case.lead, case.stage, case.responsibility) == (heads[0], "dispatched", "held")
    assert not case.findings.open().exists()
    assert not Episode.objects.open_at().filter(need_item=item()).exists()
