"""Finding out where stored episodes differ from the ledger, and mending that by order."""

from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from stakeholders.models import Drift, Episode
from stakeholders.services.check_episodes import check_episodes
from stakeholders.services.refresh_episodes import refresh_after_commit, refresh_episodes
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, MandateFactory

pytestmark = pytest.mark.django_db
BEFORE = {"state": "vacuum", "parties": [], "from": None}
LONG_AGO = "2020-01-01T00:00:00+00:00"


def bent() -> Episode:
    """An episode whose end somebody has changed behind the back of the ledger."""
    mandate = MandateFactory(estate=EstateFactory())
    refresh_episodes()
    episode = Episode.objects.get(estate=mandate.estate, need_item=item())
    Episode.objects.filter(pk=episode.pk).update(until=datetime(2021, 1, 1, tzinfo=UTC))
    return episode


def test_check_episodes_finds_nothing_where_all_is_as_it_should_be() -> None:
    MandateFactory(estate=EstateFactory())

    assert check_episodes() == 0
    assert not Drift.objects.exists()


def test_check_episodes_notes_what_differs_and_mends_nothing() -> None:
    episode = bent()

    assert check_episodes() == 1

    drift = Drift.objects.get()
    assert (drift.estate, drift.building, drift.need_item) == (episode.estate, None, item())
    assert drift.stored == [BEFORE | {"until": "2021-01-01T00:00:00+00:00"}]
    assert drift.reckoned == [BEFORE | {"until": LONG_AGO}]
    episode.refresh_from_db()
    assert episode.until == datetime(2021, 1, 1, tzinfo=UTC)


def test_check_episodes_notes_a_difference_once() -> None:
    bent()

    assert [check_episodes(), check_episodes()] == [1, 1]
    assert Drift.objects.count() == 1


def test_check_episodes_clears_what_is_right_again() -> None:
    episode = bent()
    check_episodes()
    Episode.objects.filter(pk=episode.pk).update(until=datetime(2020, 1, 1, tzinfo=UTC))

    assert check_episodes() == 0
    assert not Drift.objects.open().exists()


@pytest.fixture
def nothing_refreshed_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if something came in between the refresh at the beginning and the look at an estate."""
    monkeypatch.setattr("stakeholders.services.check_episodes.refresh_episodes", lambda: 0)


@pytest.mark.usefixtures("nothing_refreshed_first")
def test_what_is_about_to_be_refreshed_is_no_drift() -> None:
    recorded, built = EstateFactory(), EstateFactory()
    refresh_episodes()
    refresh_after_commit([MandateFactory(estate=recorded)])
    BuildingFactory(estate=built)

    assert check_episodes() == 0


@pytest.mark.usefixtures("nothing_refreshed_first")
def test_known_drift_stays_while_something_else_is_recorded_there() -> None:
    episode = bent()
    check_episodes()
    refresh_after_commit([MandateFactory(estate=episode.estate)])

    check_episodes()

    assert Drift.objects.open().count() == 1


def test_check_episodes_by_command_fails_where_something_differs(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_episodes")
    assert capsys.readouterr().out == "All episodes are as the ledger says.\n"

    bent()
    with pytest.raises(CommandError, match="1 cell differs"):
        call_command("check_episodes")
