"""`manage.py load_demo`: what it accepts, what it prints, and that it does the same again."""

from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from cases.models import Case, CaseEvent, Notification
from cases.worktime import ZONE
from settle_gov.demo.accounts import accounts, demo_password
from settle_gov.demo.load import load_township
from stakeholders.models import Area, Mandate, Party, Resident, User
from tests.factories.stakeholders import MembershipFactory, PartyFactory, TownFactory, UserFactory

pytestmark = pytest.mark.django_db

NOWHERE = {"rule", "ruling", "mandates"}  # keys of rows are drawn by the database
BEFORE_OPENING = datetime(2026, 11, 23, 8, 10, tzinfo=ZONE)
AT_WORK = datetime(2026, 10, 10, 10, 30, tzinfo=ZONE)  # a Saturday that is worked, after a week off


@pytest.fixture
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.DEMO_PASSWORD = None


def told(now: datetime, seed: int = 1) -> list[Any]:
    """Load a small town, write down all that happened in it, and take it away again."""
    with transaction.atomic():
        load_township(seed=seed, now=now, password="unimportant", weeks=1)
        happened = [
            list(Case.objects.order_by("pk").values_list("number", "title", "stage", "lead__code", "resolve_due_at")),
            [
                (number, kind, at, by, {key: value for key, value in details.items() if key not in NOWHERE})
                for number, kind, at, by, details in CaseEvent.objects.order_by("pk").values_list(
                    "case__number", "kind", "at", "by__user__username", "details"
                )
            ],
            list(Mandate.objects.order_by("pk").values_list("party__code", "basis", "valid_from", "recorded_at")),
            list(Resident.objects.order_by("pk").values_list("household__code", "name", "phone")),
            sorted(Notification.objects.values_list("recipient__user__username", "created_at", "read_at")),
        ]
        transaction.set_rollback(True)
    return happened


@pytest.mark.slow
def test_same_seed_at_the_same_moment_gives_the_same_town() -> None:
    assert told(BEFORE_OPENING) == told(BEFORE_OPENING)


@pytest.mark.slow
def test_another_seed_gives_another_town() -> None:
    assert told(AT_WORK, seed=1) != told(AT_WORK, seed=2)


@pytest.mark.usefixtures("_own_folder")
def test_load_demo_prints_what_it_made_and_who_can_sign_in() -> None:
    out = StringIO()

    call_command("load_demo", weeks=1, stdout=out)
    call_command("load_demo", print_accounts=True, stdout=out)

    lines = out.getvalue().splitlines()
    assert str(Case.objects.count()) in lines[0]
    assert [line.split()[:2] for line in lines[1:]] == [
        [username, demo_password()] for username in ("grid", "handler", "coordinator", "auditor", "admin", "client")
    ]


def test_load_demo_refuses_a_database_that_is_in_use() -> None:
    TownFactory()

    with pytest.raises(CommandError):
        call_command("load_demo")

    assert Area.objects.count() == 1
    assert not Party.objects.exists()


@pytest.mark.parametrize("password", ["short", "1234567890123", "password123"])
def test_load_demo_refuses_a_password_that_nobody_should_use(password: str, settings: Settings) -> None:
    settings.DEMO_PASSWORD = password

    with pytest.raises(CommandError, match="DEMO_PASSWORD"):
        call_command("load_demo")

    assert not User.objects.exists()


def test_load_demo_refuses_no_weeks() -> None:
    with pytest.raises(CommandError):
        call_command("load_demo", weeks=0)


@pytest.mark.usefixtures("_own_folder")
def test_demo_password_is_drawn_once_and_is_for_its_owner_only(settings: Settings) -> None:
    drawn = demo_password()

    assert len(drawn) >= 10
    assert demo_password() == drawn
    assert (settings.DATA_DIR / "demo_password").stat().st_mode & 0o777 == 0o600


def test_demo_password_comes_from_the_environment_first(settings: Settings) -> None:
    settings.DEMO_PASSWORD = "from-the-environment"

    assert demo_password() == "from-the-environment"


def test_accounts_keep_a_changed_password_to_themselves(settings: Settings) -> None:
    settings.DEMO_PASSWORD = "from-the-environment"
    anju = PartyFactory(code="anju")
    for username, password in (("grid", "changed-since-then"), ("handler", "from-the-environment")):
        user = UserFactory(username=username)
        user.set_password(password)
        user.save()
        MembershipFactory(user=user, party=anju)

    assert [(account.username, account.password) for account in accounts()] == [
        ("grid", None),
        ("handler", "from-the-environment"),
    ]


@pytest.mark.usefixtures("_own_folder")
def test_accounts_of_a_real_town_are_not_ours(settings: Settings) -> None:
    MembershipFactory(user__username="admin")

    assert accounts() == []
    assert not (settings.DATA_DIR / "demo_password").exists()
