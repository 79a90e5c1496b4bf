"""What stands in the log when somebody may not do something."""

import pytest
from django.test import Client

from tests.factories.stakeholders import MembershipFactory


@pytest.mark.django_db
def test_refusal_is_logged_as_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.force_login(MembershipFactory().user)

    answer = client.get("/inbox/")

    (record,) = [each for each in caplog.records if each.name == "django.request"]
    assert (answer.status_code, record.levelname, record.exc_info) == (403, "WARNING", None)
