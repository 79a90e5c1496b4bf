"""The migration with which webhooks begin anew and ledgers that wait to be started are checked again."""

from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

import cases.migrations
from cases.services.work_off_imports import work_off_imports
from tests.factories.cases import MONDAY
from tests.factories.imports import checked_import, message, started_import
from tests.factories.stakeholders import MembershipFactory
from tests.factories.webhooks import webhook_of

pytestmark = pytest.mark.django_db

[FILE] = Path(*cases.migrations.__path__).glob("*_turns_and_tries.py")
migration = import_module(f"cases.migrations.{FILE.stem}")


def test_migration_lets_webhooks_begin_anew() -> None:
    webhook = webhook_of(failures=3, failing_since=MONDAY)

    migration.begin_anew(apps, connection.schema_editor())

    webhook.refresh_from_db()
    assert (webhook.failures, webhook.failing_since) == (0, None)


def test_migration_has_ledgers_checked_again_that_were_not_started() -> None:
    administrator = MembershipFactory(administrator=True)
    checked, started = checked_import(administrator, [message(1, "soon")]), started_import(administrator, [message(2)])
    checked.left_out.all().delete()
    migration.begin_anew(apps, connection.schema_editor())
    started.refresh_from_db()
    assert started.state == "importing"

    work_off_imports()

    checked.refresh_from_db()
    assert (checked.state, [each.row for each in checked.left_out.all()]) == ("checked", [2])
