"""A case at each point of its life, and the people around it."""

from datetime import datetime, timedelta

import pytest

from cases.models import Case
from cases.services.close_case import close_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Building, Membership
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import BuildingFactory, MandateFactory, MembershipFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def building() -> Building:
    return BuildingFactory()


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True)


@pytest.fixture
def worker(building: Building) -> Membership:
    """The grid worker of the building."""
    return MembershipFactory(grid_worker=True, grid=building.grid)


@pytest.fixture
def handler() -> Membership:
    """A handler of the party that leads for waste."""
    return MembershipFactory(party=MandateFactory(item="3.1").party)


@pytest.fixture
def second() -> Membership:
    """A handler of another party."""
    return MembershipFactory()


@pytest.fixture
def dispatched(handler: Membership, building: Building) -> Case:
    return logged_case(building=building)


@pytest.fixture
def handling(dispatched: Case, handler: Membership) -> Case:
    return sign_for_case(dispatched, by=handler, at=MONDAY + HOUR)


@pytest.fixture
def resolved(handling: Case, handler: Membership) -> Case:
    return resolve_case(handling, reason="已清运", by=handler, at=MONDAY + 3 * HOUR)


@pytest.fixture
def closed(resolved: Case, coordinator: Membership) -> Case:
    return close_case(resolved, reason="现场看过", by=coordinator, at=MONDAY + 5 * HOUR)


@pytest.fixture
def disputed(dispatched: Case, handler: Membership, second: Membership, coordinator: Membership) -> Case:
    """Returned by the first party and by the second; the first one has it meanwhile."""
    return pass_back_and_forth(dispatched, handler, second, coordinator, at=MONDAY + HOUR)


def pass_back_and_forth(
    case: Case, first: Membership, second: Membership, coordinator: Membership, *, at: datetime
) -> Case:
    """Have two parties return a case, with the coordinator in between."""
    return_case(case, ground="不归我们", by=first, at=at)
    reassign_case(case, lead=second.party, reason="改派", by=coordinator, at=at)
    return return_case(case, ground="也不归我们", by=second, at=at)
