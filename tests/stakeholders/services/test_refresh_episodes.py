"""Bringing stored episodes up to the ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from stakeholders import episodes
from stakeholders.models import Episode, Estate, Mandate, StaleScope
from stakeholders.reach import Reach
from stakeholders.services.close_party import close_party
from stakeholders.services.record_mandate import record_mandate
from stakeholders.services.refresh_episodes import refresh_after_commit, refresh_episodes
from stakeholders.services.rule_on_scope import rule_on_scope
from stakeholders.services.withdraw_mandate import withdraw_mandate
from tests.factories.cases import item
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
Row = tuple[str, list[str], datetime | None, datetime | None]


def told(estate: Estate, building: int | None = None) -> list[Row]:
    """The stored episodes of item 3.1, earliest first."""
    rows = Episode.objects.filter(estate=estate, building=building, need_item=item())
    ordered = sorted(rows, key=lambda each: (each.since is not None, each.since or NOW))
    return [
        (each.state, sorted(each.parties.values_list("code", flat=True)), each.since, each.until) for each in ordered
    ]


def test_refresh_episodes_writes_a_new_place_down_as_the_vacuum_it_is() -> None:
    estate = EstateFactory()
    building = BuildingFactory(estate=estate)

    refresh_episodes()

    assert told(estate) == told(estate, building.pk) == [("vacuum", [], None, None)]
    assert Episode.objects.count() == 2 * 31


def test_refresh_episodes_tells_vacuum_multi_head_and_backstop_apart_in_time() -> None:
    estate = EstateFactory()
    first, second, third = PartyFactory(code="first"), PartyFactory(code="second"), PartyFactory(code="third")
    MandateFactory(estate=estate, party=first, valid_from=NOW, valid_until=NOW + 3 * DAY)
    MandateFactory(estate=estate, party=second, valid_from=NOW + DAY, valid_until=NOW + 2 * DAY)
    MandateFactory(estate=estate, party=third, role=Mandate.Role.BACKSTOP, valid_from=NOW + 2 * DAY)

    refresh_episodes()

    assert told(estate) == [
        ("vacuum", [], None, NOW),
        ("multi_head", ["first", "second"], NOW + DAY, NOW + 2 * DAY),
        ("backstop", ["third"], NOW + 3 * DAY, None),
    ]


def test_refresh_episodes_a_second_time_writes_nothing() -> None:
    estate = EstateFactory()
    mandates = MandateFactory.create_batch(2, estate=estate)
    refresh_episodes()
    before = list(Episode.objects.order_by("pk").values())

    refresh_after_commit(mandates)

    assert refresh_episodes() == 0
    assert list(Episode.objects.order_by("pk").values()) == before
    assert not StaleScope.objects.exists()


def test_episode_that_only_ends_keeps_its_id() -> None:
    estate = EstateFactory()
    refresh_episodes()
    vacuum = Episode.objects.get(estate=estate, need_item=item())

    refresh_after_commit([MandateFactory(estate=estate, valid_from=NOW)])
    refresh_episodes()

    vacuum.refresh_from_db()
    assert vacuum.until == NOW


def test_recorded_mandate_refreshes_episodes_after_commit(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    estate, by = EstateFactory(), MembershipFactory(coordinator=True)
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        mandate = record_mandate(PartyFactory(), role="lead", basis="x", valid_from=NOW, estate=estate, by=by)
    assert told(estate) == [("vacuum", [], None, NOW)]

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_mandate(mandate, by=by)
    assert told(estate) == [("vacuum", [], None, None)]


def test_ruling_closes_the_episode_of_several_heads(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    estate, by = EstateFactory(), MembershipFactory(coordinator=True)
    mandates = MandateFactory.create_batch(2, estate=estate, valid_from=NOW - DAY)
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        rule_on_scope(mandates[0].party, estate=estate, need_item=item(), reason="x", valid_from=NOW, by=by)

    codes = sorted(each.party.code for each in mandates)
    assert told(estate) == [("vacuum", [], None, NOW - DAY), ("multi_head", codes, NOW - DAY, NOW)]


def test_party_that_is_closed_down_leaves_a_vacuum(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    estate = EstateFactory()
    mandate = MandateFactory(estate=estate, valid_from=NOW - DAY)
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        close_party(mandate.party, closed_at=NOW)

    assert told(estate) == [("vacuum", [], None, NOW - DAY), ("vacuum", [], NOW, None)]


def test_wide_scopes_are_left_to_the_next_run(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stakeholders.services.refresh_episodes.AT_ONCE", 30)
    estate = EstateFactory()
    refresh_episodes()

    with django_capture_on_commit_callbacks(execute=True):
        refresh_after_commit([MandateFactory(estate=estate, valid_from=NOW)])

    assert told(estate) == [("vacuum", [], None, None)]
    assert refresh_episodes() == 31
    assert told(estate) == [("vacuum", [], None, NOW)]


def test_what_is_stale_stays_noted_when_a_refresh_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = EstateFactory()
    refresh_episodes()
    with transaction.atomic():
        refresh_after_commit([MandateFactory(estate=estate, valid_from=NOW)])

    def die(_reach: object) -> int:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("stakeholders.episodes.bring_up", die)
        with pytest.raises(RuntimeError):
            refresh_episodes()
    refresh_episodes()

    assert told(estate) == [("vacuum", [], None, NOW)]


def test_new_estates_that_were_reckoned_before_a_crash_are_not_reckoned_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stakeholders.episodes.CHUNK", 1)
    EstateFactory.create_batch(2)
    reckoned = episodes.bring_up
    seen: list[int] = []

    def die_at_the_second(reach: Reach) -> int:
        seen.append(len(reach.estates))
        if len(seen) == 2:
            raise RuntimeError
        return reckoned(reach)

    monkeypatch.setattr("stakeholders.episodes.bring_up", die_at_the_second)
    with pytest.raises(RuntimeError):
        refresh_episodes()

    assert Episode.objects.values("estate").distinct().count() == 1
    assert Estate.objects.filter(is_reckoned=True).count() == 1
    refresh_episodes()
    assert Episode.objects.count() == 2 * 31


@pytest.mark.parametrize("estates", [1, 3])
def test_refresh_episodes_asks_as_much_for_many_estates_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, estates: int
) -> None:
    mandates = [MandateFactory(estate=EstateFactory()) for _number in range(2 * estates)]
    refresh_episodes()
    refresh_after_commit(mandates[:estates])
    Mandate.objects.filter(pk__in=[each.pk for each in mandates[:estates]]).update(withdrawn_at=datetime.now(UTC))

    with django_assert_num_queries(16):
        refresh_episodes()
