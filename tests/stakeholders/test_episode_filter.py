"""The filters of episodes: what each lets through, and that none lets an unknown value pass."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.http import urlencode

from stakeholders.filters import EpisodeFilter
from stakeholders.models import Episode
from tests.factories.cases import item
from tests.factories.stakeholders import BuildingFactory, EstateFactory, PartyFactory, TownFactory

pytestmark = pytest.mark.django_db

SPRING, SUMMER, AUTUMN = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 6, 9))


def episode(**given) -> Episode:
    parties = given.pop("parties", [])
    values = {"need_item": item(), "state": "vacuum"} | given
    if "estate" not in values:
        values["estate"] = values["building"].estate if "building" in values else EstateFactory()
    written = Episode.objects.create(**values)
    written.parties.set(parties)
    return written


def found(**asked: str) -> list[Episode]:
    filterset = EpisodeFilter(asked, queryset=Episode.objects.for_list())
    assert filterset.is_valid(), filterset.errors
    return list(filterset.qs)


def test_episode_filter_lets_all_through_without_a_question() -> None:
    first, second = episode(), episode()

    assert found() == [second, first]


def test_episode_filter_finds_state_item_and_class() -> None:
    vacuum, backstop = episode(), episode(state="backstop", need_item=item("1.1"))

    assert found(state="vacuum") == found(need_item="3.1") == found(need_class="3") == [vacuum]
    assert found(state="vacuum,backstop") == [backstop, vacuum]


def test_episode_filter_finds_places() -> None:
    building = BuildingFactory()
    inside, common, elsewhere = episode(building=building), episode(estate=building.estate), episode()

    assert found(building=building.code) == found(place=building.code) == [inside]
    assert found(estate=building.estate.code) == found(place=building.estate.code) == [common, inside]
    assert found(place=f"{building.code},{elsewhere.estate.code}") == [elsewhere, inside]
    assert found(area=building.estate.area_id) == [common, inside]
    assert len(found(area=TownFactory().code)) == 3


def test_episode_filter_finds_both_places_that_go_by_one_code() -> None:
    estate, building = EstateFactory(code="a1"), BuildingFactory(code="a1")
    there, inside = episode(estate=estate), episode(building=building)
    episode(estate=building.estate)

    assert found(place="a1") == [inside, there]


def test_episode_filter_finds_an_episode_once_for_any_of_its_parties() -> None:
    several = PartyFactory.create_batch(3)
    theirs = episode(state="multi_head", parties=several[:2])
    episode(state="multi_head", parties=several[2:])

    assert found(parties=f"{several[0].code},{several[1].code}") == [theirs]


def test_episode_filter_knows_what_goes_on_now() -> None:
    now = timezone.now()
    always, begun = episode(), episode(since=now - timedelta(1), until=now + timedelta(1))
    over, coming = episode(until=now - timedelta(1)), episode(since=now + timedelta(1))

    assert found(open="true") == [begun, always]
    assert found(open="false") == [coming, over]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"from": SUMMER}, ["summer"]),
        ({"from__gte": SUMMER}, ["autumn", "summer"]),
        ({"from__lt": SUMMER}, ["spring", "always"]),
        ({"from__isnull": "true"}, ["always"]),
        ({"from__isnull": "false"}, ["autumn", "summer", "spring"]),
        ({"until": SUMMER}, ["spring"]),
        ({"until__gte": AUTUMN}, ["autumn", "summer", "always"]),
        ({"until__lt": AUTUMN}, ["spring"]),
        ({"until__isnull": "true"}, ["autumn", "always"]),
        ({"until__isnull": "false"}, ["summer", "spring"]),
        ({"from__lt": SUMMER, "until__gte": SUMMER}, ["spring", "always"]),
    ],
    ids=str,
)
def test_episode_filter_compares_beginnings_and_ends(asked, expected) -> None:
    names = {
        episode().pk: "always",
        episode(since=SPRING, until=SUMMER).pk: "spring",
        episode(since=SUMMER, until=AUTUMN).pk: "summer",
        episode(since=AUTUMN).pk: "autumn",
    }

    texts = {name: value if isinstance(value, str) else value.isoformat() for name, value in asked.items()}
    assert [names[each.pk] for each in found(**texts)] == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"state": "clear"},
        {"state": "vacuum,lost"},
        {"open": "maybe"},
        {"place": "nowhere"},
        {"estate": "nowhere"},
        {"building": "nowhere"},
        {"need_item": "99.9"},
        {"need_class": "99"},
        {"parties": "nobody"},
        {"area": "999999999999"},
        {"from": "2026-03-01"},
        {"from__gte": "yesterday"},
        {"until__lt": "a\0b"},
        {"until__isnull": "1"},
    ],
    ids=urlencode,
)
def test_episode_filter_refuses_what_it_does_not_know(asked: dict[str, str]) -> None:
    filterset = EpisodeFilter(asked, queryset=Episode.objects.all())

    assert not filterset.is_valid()
    assert list(filterset.errors) == list(asked)
