"""Stories in English, and those who make them."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from cases.models import Case, CaseEvent
from cases.timeline import Entry, Names, story, tell
from cases.work_calendar import load_work_calendar
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.stakeholders import MandateFactory, MembershipFactory


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def lead() -> Membership:
    """A handler of the party that leads for waste."""
    return MembershipFactory(party=MandateFactory(item="3.1", party__name_en="Anju").party, user__name="Chen Lijun")


@pytest.fixture
def coordinator() -> Membership:
    return MembershipFactory(coordinator=True, user__name="Zhou Min")


def tell_all(case: Case) -> list[Entry]:
    """The story as the page tells it, newest first."""
    return story(list(case.events.select_related("by__user", "by__party")), load_work_calendar())


def sentences(case: Case) -> list[str]:
    return [str(entry.sentence) for entry in tell_all(case)]


def told(kind: CaseEvent.Kind, /, **details: object) -> str:
    """The sentence of an event that the system wrote with these details."""
    event = CaseEvent(kind=kind, at=MONDAY, details=details)
    return str(tell(event, Names.in_events([event])).sentence)
