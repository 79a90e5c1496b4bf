"""The page of the work calendar: its years, and who confirms one or takes that back."""

from datetime import date

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cases.models import WorkCalendarDay, WorkCalendarYear
from cases.services.set_work_calendar_day import set_work_calendar_day
from tests.factories.stakeholders import EstateFactory, MembershipFactory

pytestmark = pytest.mark.django_db

CALENDAR = "/rules/work-calendar/"
THURSDAY = 4


@pytest.fixture
def keeper():
    return MembershipFactory(administrator=True, user__name="赵敏")


@pytest.fixture
def next_year() -> WorkCalendarYear:
    """The next year, with a day off, not announced yet."""
    year = timezone.localdate().year + 1
    found, _is_new = WorkCalendarYear.objects.update_or_create(
        year=year, defaults={"status": "provisional", "source": "holidays"}
    )
    return found


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_work_calendar_shows_years_with_their_days(signed_in, keeper, next_year):
    answer = signed_in(keeper).get(CALENDAR)

    shown = {each.year.year: each for each in answer.context["years"]}
    assert min(shown) == timezone.localdate().year - 1
    days = list(WorkCalendarDay.objects.filter(date__year=next_year.year).order_by("date"))
    assert shown[next_year.year].days == days
    assert (shown[next_year.year].off, shown[next_year.year].worked) == (
        sum(day.kind == "off" for day in days),
        sum(day.kind == "work" for day in days),
    )
    assert str(days[0].date) in text(answer)


def test_work_calendar_names_who_has_entered_a_day(signed_in, keeper):
    day = next(
        day for number in range(1, 8) if (day := date(timezone.localdate().year, 3, number)).isoweekday() == THURSDAY
    )
    set_work_calendar_day(day, kind="off", reason="停电", by=keeper)

    page = text(signed_in(keeper).get(CALENDAR))

    assert page.count("by hand: 赵敏") == 2  # of the year, and of the day
    assert "停电" in page


def test_year_is_confirmed_and_taken_back(signed_in, keeper, next_year):
    browser, address = signed_in(keeper), f"{CALENDAR}{next_year.year}/"
    assert f"Confirm {next_year.year} as announced" in text(browser.get(CALENDAR))

    confirmed = browser.post(f"{address}confirm/", follow=True)
    next_year.refresh_from_db()
    assert next_year.is_confirmed
    assert f"{next_year.year} is confirmed" in text(confirmed)
    assert "from: by hand: 赵敏" in text(confirmed)

    back = browser.post(f"{address}withdraw/", follow=True)
    next_year.refresh_from_db()
    assert not next_year.is_confirmed
    assert f"{next_year.year} is no longer confirmed" in text(back)
    changes = browser.get("/rules/").context["changes"]
    assert [(each.rule, each.done) for each in changes] == [
        (str(next_year.year), "no longer confirmed"),
        (str(next_year.year), "confirmed as announced"),
    ]


def test_year_that_cannot_be_confirmed_says_why_and_has_no_button(signed_in, keeper, next_year):
    far = WorkCalendarYear.objects.update_or_create(year=next_year.year + 2, defaults={"status": "provisional"})[0]
    WorkCalendarDay.objects.filter(date__year=next_year.year).delete()
    browser = signed_in(keeper)

    page = text(browser.get(CALENDAR))

    assert f"The days off of {far.year} are not announced yet" in page
    assert f"No day off of {next_year.year} is entered" in page
    for year in (far, next_year):
        assert f"Confirm {year.year}" not in page
        refusal = browser.post(f"{CALENDAR}{year.year}/confirm/")
        assert refusal.status_code == 422
        assert "nothing is saved yet" in text(refusal)
    assert browser.post(f"{CALENDAR}1999/confirm/").status_code == 404


def test_year_is_not_taken_back_twice(signed_in, keeper, next_year):
    refusal = signed_in(keeper).post(f"{CALENDAR}{next_year.year}/withdraw/")

    assert refusal.status_code == 422
    assert "This year is not confirmed." in text(refusal)


@pytest.mark.parametrize("traits", [{"coordinator": True}, {"auditor": True}, {"administrator": True}])
def test_work_calendar_is_read_by_all_who_read_rules_and_changed_by_who_keeps_it(signed_in, next_year, traits):
    here = EstateFactory()
    EstateFactory()
    browser = signed_in(MembershipFactory(**traits, area=here.area))

    page = text(browser.get(CALENDAR))

    assert "It holds for the whole installation" in page
    assert "Confirm" not in page
    assert "Take back" not in page
    for done in ("confirm", "withdraw"):
        assert browser.post(f"{CALENDAR}{next_year.year}/{done}/").status_code == 403
        assert browser.get(f"{CALENDAR}{next_year.year}/{done}/").status_code == 405
    assert signed_in(MembershipFactory()).get(CALENDAR).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_work_calendar_takes_as_many_queries_for_many_as_for_one(
    count, signed_in, keeper, django_assert_num_queries: DjangoAssertNumQueries
):
    since = timezone.localdate().year
    WorkCalendarYear.objects.exclude(year__range=(since, since + count - 1)).delete()
    browser = signed_in(keeper)
    browser.get(CALENDAR)

    # session, user, membership, unread notices, late jobs; years, days, estates elsewhere
    with django_assert_num_queries(8):
        assert len(browser.get(CALENDAR).context["years"]) == count
