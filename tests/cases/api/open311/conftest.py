"""Who asks through Open311."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from stakeholders.models import Membership
from stakeholders.services.issue_token import issue_token
from tests.factories.stakeholders import MembershipFactory


@pytest.fixture(autouse=True)
def _uncounted(settings: Settings, tmp_path: Path) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, 0)
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def anybody() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def member() -> Membership:
    return MembershipFactory(api_client=True)


@pytest.fixture
def key(member: Membership) -> str:
    _token, secret = issue_token(member, name="311")
    return secret
