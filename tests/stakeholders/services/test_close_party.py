"""Closing a party down."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from stakeholders.models import Episode, Party
from stakeholders.services.close_party import close_party
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import item
from tests.factories.stakeholders import EstateFactory, MandateFactory, RulingFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def vacuum_since() -> list[datetime | None]:
    """When item 3.1 was left to nobody."""
    rows = Episode.objects.filter(need_item=item(), state="vacuum", until=None)
    return list(rows.values_list("since", flat=True))


def test_close_party_leaves_its_duties_to_nobody(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    mandate = MandateFactory(estate=EstateFactory())
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        close_party(mandate.party, closed_at=NOW)
    assert vacuum_since() == [NOW]

    with django_capture_on_commit_callbacks(execute=True):
        close_party(mandate.party, closed_at=None)
    assert vacuum_since() == []


def test_close_party_ends_the_rulings_for_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    ruling = RulingFactory(estate=EstateFactory())
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        close_party(ruling.lead, closed_at=NOW + timedelta(days=1))

    assert vacuum_since() == [NOW + timedelta(days=1)]


def test_closing_in_the_admin_refreshes_as_well(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    party: Party = MandateFactory(estate=EstateFactory()).party
    refresh_episodes()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            reverse("admin:stakeholders_party_change", args=[party.pk]),
            {
                "name": party.name,
                "name_en": party.name_en,
                "kind": party.kind,
                "area": party.area_id,
                "closed_at_0": "2026-11-20",
                "closed_at_1": "08:00:00",
            },
        )

    assert answer.status_code == 302
    assert vacuum_since() == [NOW]
