"""start_import: only what was checked, and once."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from cases.services.start_import import start_import
from stakeholders.models import Membership
from tests.factories.imports import checked_import, message, sent_import, started_import
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator() -> Membership:
    return MembershipFactory(administrator=True)


def test_what_was_checked_is_started(administrator: Membership) -> None:
    started = started_import(administrator, [message(1)])

    assert (started.state, started.started_at is not None) == ("importing", True)


def test_what_is_not_checked_yet_or_was_started_is_not(administrator: Membership) -> None:
    for kept in (sent_import(administrator, [message(1)]), started_import(administrator, [message(1)])):
        with pytest.raises(ValidationError) as refused:
            start_import(kept, by=administrator)
        assert refused.value.code == "state"


def test_nobody_starts_what_another_has_sent(administrator: Membership) -> None:
    checked = checked_import(administrator, [message(1)])

    with pytest.raises(PermissionDenied):
        start_import(checked, by=MembershipFactory(administrator=True, area=administrator.area))
