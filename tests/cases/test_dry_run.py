"""The dry run of the ladder: worked out by hand, and against what really fired in a small world."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from cases.dry_run import Firing, Outcome, Step, Stood, dry_run, firings
from cases.models import Case, Escalation, EscalationRule, Finding
from cases.services.close_case import close_case
from cases.services.contact_reporter import contact_reporter
from cases.services.escalate import escalate
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.sweep_clocks import sweep_clocks
from cases.services.verify_case import verify_case
from cases.worktime import WorkCalendar
from stakeholders.models import Membership, Party
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MandateFactory, MembershipFactory, PartyFactory

ZONE = ZoneInfo("Asia/Shanghai")
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)

REMIND = Step("overdue", 0, "working_day", "remind")
RAISE = Step("overdue", 1, "working_day", "raise")
LIST = Step("overdue", 3, "working_day", "list")
HAND_OVER = Step("overdue", 4, "work_hour", "hand_over")
TELL = Step("vacuum", 26, "hour", "tell_coordinator")


def on(day: int, clock: str) -> datetime:
    """A moment of November 2026, of which the 16th and the 23rd are Mondays."""
    return datetime.fromisoformat(f"2026-11-{day:02}T{clock}").replace(tzinfo=ZONE)


# The faults of three cases, and below what they set off, worked out by hand.
STOOD = [
    Stood(1, "overdue", 1, on(16, "10:00"), on(16, "10:05"), on(17, "18:00")),
    Stood(1, "overdue", 1, on(20, "16:00"), on(20, "16:00"), on(25, "17:30")),
    Stood(1, "overdue", 2, on(26, "09:00"), on(26, "09:01"), on(26, "09:30")),
    Stood(2, "vacuum", 1, on(21, "22:00"), on(21, "22:00"), None),
    Stood(3, "overdue", 1, on(18, "09:00"), on(18, "09:10"), on(18, "09:10")),
]
FIRED = [
    (REMIND, Firing(on(16, "10:05"), 1)),  # not before the fault was found
    (HAND_OVER, Firing(on(16, "16:00"), 1)),  # two hours before noon, two after
    (RAISE, Firing(on(17, "17:30"), 1)),
    # LIST: three working days after the 16th it stood no more; after the 20th it was cleared at that very moment
    (TELL, Firing(on(23, "00:00"), 2)),
    (REMIND, Firing(on(26, "09:01"), 1)),  # a new round
]


def test_firings_are_those_of_the_hand_worked_table() -> None:
    found = list(firings(STOOD, [REMIND, RAISE, LIST, HAND_OVER, TELL], WorkCalendar()))

    assert sorted(found, key=lambda each: each[1].at) == FIRED


def test_firings_come_from_the_first_fault_of_a_round_that_lasts_long_enough() -> None:
    short = Stood(1, "overdue", 1, on(16, "10:00"), on(16, "10:00"), on(17, "10:00"))
    long = Stood(1, "overdue", 1, on(18, "10:00"), on(18, "10:00"), on(30, "10:00"))
    later = Stood(1, "overdue", 1, on(30, "11:00"), on(30, "11:00"), None)

    assert list(firings([short, long, later], [RAISE], WorkCalendar())) == [(RAISE, Firing(on(19, "17:30"), 1))]


# Over the database

LADDER = [
    ("overdue", 2, "hour", "hand_over"),
    ("overdue", 2, "working_day", "list"),
    ("unsigned", 3, "work_hour", "raise"),
    ("uncontacted", 1, "calendar_day", "tell_coordinator"),
    ("due_soon", 1, "hour", "tell_coordinator"),
    ("disputed", 5, "hour", "raise"),
    ("ping_pong", 1, "hour", "raise"),
]


def saved() -> list[Step]:
    return [Step.of(rule) for rule in EscalationRule.objects.filter(is_active=True)]


def run(since: datetime, until: datetime, steps: list[Step] | None = None) -> dict[Step, Outcome]:
    return dry_run(saved() if steps is None else steps, since=since, until=until, among=Case.objects.all())


def tick(at: datetime) -> None:
    """What the workers do all the time."""
    escalate(at=at)
    sweep_clocks(at=at)
    escalate(at=at)


@pytest.fixture
def world() -> tuple[list[Membership], Membership]:
    """Two parties under one office that both answer for waste, and who decides between them."""
    office = PartyFactory(kind=Party.Kind.STREET)
    parties = [PartyFactory(supervisor=office), PartyFactory(supervisor=office)]
    people = [MembershipFactory(party=party) for party in [*parties, office]]
    MandateFactory(item="3.1", party=parties[0])
    for trigger, amount, unit, action in LADDER:
        EscalationRule.objects.create(trigger=trigger, amount=amount, unit=unit, action=action)
    return people, MembershipFactory(coordinator=True)


def deeds(people: list[Membership], coordinator: Membership, chance: Random) -> list[Callable[[Case, datetime], Case]]:
    """What may happen to a case; most of it is not possible most of the time."""
    by = chance.choice(people)
    return [
        lambda case, at: sign_for_case(case, by=by, at=at),
        lambda case, at: sign_for_case(case, by=by, at=at),
        lambda case, at: contact_reporter(case, by=by, at=at),
        lambda case, at: resolve_case(case, reason="办完", by=by, at=at),
        lambda case, at: return_case(case, ground="不归我们", by=by, at=at),
        lambda case, at: reassign_case(case, lead=by.party, reason="改派", by=coordinator, at=at),
        lambda case, at: verify_case(case, reason="看过", by=coordinator, at=at),
        lambda case, at: rework_case(case, reason="没办", by=coordinator, at=at),
        lambda case, at: close_case(case, by=coordinator, at=at),
        lambda case, at: reopen_case(case, reason="又来", by=coordinator, at=at),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_dry_run_of_saved_steps_is_what_really_fired(seed: int, world: tuple[list[Membership], Membership]) -> None:
    people, coordinator = world
    chance = Random(seed)
    numbers = [logged_case(by=coordinator, need_item=None, at=MONDAY).pk, logged_case(by=coordinator, at=MONDAY).pk]
    now, moments = MONDAY, [MONDAY]
    for _ in range(40):
        now += timedelta(minutes=chance.choice([20, 60, 300, 1000, 3000]))
        moments.append(now)
        tick(now - SECOND)
        case = Case.objects.get(pk=chance.choice(numbers))
        deed = chance.choice(deeds(people, coordinator, chance))
        try:
            deed(case, now)
        except (PermissionDenied, ValidationError):
            continue
    end = now + timedelta(days=30)
    for day in range(1, 31):
        tick(now + timedelta(days=day) - SECOND)

    periods = [(MONDAY, end), (moments[10], moments[25]), (moments[20], now)]
    for since, until in periods:
        fired = Escalation.objects.filter(fired_at__gte=since, fired_at__lt=until).select_related("rule")
        really = Counter(Step.of(each.rule) for each in fired)
        cases = {step: {each.case_id for each in fired if Step.of(each.rule) == step} for step in really}
        told = run(since, until)
        assert {step: outcome.firings for step, outcome in told.items() if outcome.firings} == dict(really)
        assert {step: outcome.cases for step, outcome in told.items() if outcome.cases} == {
            step: len(found) for step, found in cases.items()
        }
        assert {step: outcome.fired for step, outcome in told.items() if outcome.fired} == dict(really)


@pytest.fixture
def vacuum() -> Case:
    """A case for which nobody has answered since Monday 09:14."""
    return logged_case()


@pytest.mark.django_db
def test_dry_run_tells_what_a_draft_would_have_done(vacuum: Case) -> None:
    draft = Step("vacuum", 1, "calendar_day", "list")

    outcome = run(MONDAY, MONDAY + timedelta(days=3), [draft])[draft]

    assert outcome == Outcome(firings=1, cases=1, fired=0, newest=[Firing(on(17, "17:30"), vacuum.pk)])


@pytest.mark.django_db
def test_dry_run_counts_a_fault_from_before_whose_step_falls_into_the_time(vacuum: Case) -> None:
    draft = Step("vacuum", 30, "hour", "list")  # Tuesday 15:14

    assert run(on(17, "15:14"), on(17, "16:00"), [draft])[draft].firings == 1
    assert run(on(17, "12:00"), on(17, "15:14"), [draft])[draft].firings == 0
    assert run(on(17, "15:15"), on(17, "16:00"), [draft])[draft].firings == 0


@pytest.mark.django_db
def test_dry_run_fires_no_step_again_that_had_fired_before_the_time(vacuum: Case) -> None:
    first = Finding.objects.get()
    Finding.objects.filter(pk=first.pk).update(cleared_at=on(17, "09:00"))
    Finding.objects.create(case=vacuum, kind="vacuum", since=on(18, "09:00"), opened_at=on(18, "09:00"))
    at_once, later = Step("vacuum", 0, "hour", "list"), Step("vacuum", 48, "hour", "list")

    told = run(on(18, "00:00"), on(25, "00:00"), [at_once, later])

    assert (told[at_once].firings, told[later].firings) == (0, 1)


@pytest.mark.django_db
def test_dry_run_tells_only_of_cases_that_the_reader_sees(vacuum: Case) -> None:
    assert logged_case().area != vacuum.area
    reader = MembershipFactory(auditor=True, area=vacuum.area)
    draft = Step("vacuum", 0, "hour", "list")

    seen = Case.objects.visible_to(reader)
    told = dry_run([draft], since=MONDAY, until=MONDAY + HOUR, among=seen)[draft]

    assert [each.case for each in told.newest] == [vacuum.pk]
    assert told.firings == 1


@pytest.mark.django_db
def test_dry_run_keeps_the_newest_and_goes_on_behind_one() -> None:
    cases = [logged_case(at=MONDAY + number * HOUR) for number in range(5)]
    draft = Step("vacuum", 0, "hour", "list")
    asked = {"since": MONDAY, "until": MONDAY + 9 * HOUR, "among": Case.objects.all(), "newest": 2}

    first = dry_run([draft], **asked)[draft]
    second = dry_run([draft], before=first.newest[-1], **asked)[draft]

    assert [each.case for each in first.newest] == [cases[4].pk, cases[3].pk]
    assert [each.case for each in second.newest] == [cases[2].pk, cases[1].pk]
    assert (first.firings, second.firings) == (5, 5)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_dry_run_takes_as_many_queries_for_many_as_for_one(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        logged_case(at=MONDAY + number * HOUR)
    steps = saved()

    with django_assert_num_queries(3):
        run(MONDAY, MONDAY + timedelta(days=9), steps)
