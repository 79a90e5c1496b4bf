"""The page of a party."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from stakeholders.models import Mandate
from stakeholders.services.refresh_episodes import refresh_episodes
from tests.factories.cases import item, logged_case
from tests.factories.stakeholders import (
    AreaFactory,
    BuildingFactory,
    EstateFactory,
    GridFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    RulingFactory,
)

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
PAGE = "/parties/anju/"
MARCH = datetime(2026, 3, 1, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


@pytest.fixture
def coordinator():
    return MembershipFactory(coordinator=True, party__code="town")


@pytest.fixture
def browser(signed_in, coordinator):
    return signed_in(coordinator)


@pytest.fixture
def anju():
    return PartyFactory(code="anju", name_en="Anju")


@pytest.fixture
def estate():
    return EstateFactory(code="donghu", name_en="Donghu")


@pytest.fixture
def building(estate):
    return BuildingFactory(estate=estate, name="3 栋")


def bases(pile) -> list[str]:
    return [paper.record.basis for paper in pile.papers]


def text(answer) -> str:
    return answer.content.decode()


def test_party_says_what_it_is(browser, anju):
    anju.supervisor = PartyFactory(code="housing", name_en="Housing Office")
    anju.save()

    page = text(browser.get(PAGE))

    assert "<h1>Anju</h1>" in page
    assert "Property company · Qinghe Town" in page
    assert '<a href="/parties/housing/">Housing Office</a>' in page
    assert "It answers for nothing" in page


def test_party_links_to_no_party_that_the_reader_cannot_see(signed_in, anju):
    anju.supervisor = PartyFactory(code="elsewhere", name_en="Elsewhere", area=AreaFactory())
    anju.save()

    page = text(signed_in(MembershipFactory(auditor=True, area=AreaFactory())).get(PAGE))

    assert "Elsewhere" in page
    assert "/parties/elsewhere/" not in page


def test_party_is_not_found_where_the_reader_sees_none(signed_in, browser, anju):
    anju.area = AreaFactory()
    anju.save()

    assert signed_in(MembershipFactory(auditor=True, area=AreaFactory())).get(PAGE).status_code == 404
    assert browser.get(PAGE).status_code == 200
    assert browser.get("/parties/nobody/").status_code == 404


@pytest.mark.parametrize("given", [{}, {"grid_worker": True}, {"auditor": True}, {"administrator": True}])
def test_party_is_for_every_role(signed_in, anju, given):
    assert signed_in(MembershipFactory(**given)).get(PAGE).status_code == 200


def test_party_wants_somebody_who_is_signed_in(client, anju):
    assert client.get(PAGE).status_code == 302


def test_party_counts_its_cases_as_the_lists_do(browser, anju, building, coordinator):
    MandateFactory(party=anju)
    handler = MembershipFactory(party=anju)
    now = timezone.now()
    late, signed = (logged_case(building=building, by=coordinator, at=now - days * DAY) for days in (200, 1))
    logged_case(building=building, by=coordinator, at=now)
    sign_for_case(late, by=handler, at=now - 199 * DAY)
    sign_for_case(signed, by=handler, at=now)

    answer = browser.get(PAGE)

    assert answer.context["cases"] == {"open": 3, "overdue": 1, "unsigned": 1}
    for query, count in [("open=true", 3), ("overdue=true", 1), ("stage=dispatched", 1)]:
        assert f'href="/cases/?lead=anju&amp;{query}">{count}</a>' in text(answer)
        assert len(browser.get(f"/cases/?lead=anju&{query}").context["rows"]) == count


def test_party_groups_its_duties_by_role(browser, anju, estate):
    for role in Mandate.Role:
        MandateFactory(party=anju, role=role, basis=f"paper of {role.label}", estate=estate, item="3.1")
    MandateFactory(basis="paper of another")
    RulingFactory(lead=anju, reason="By the contract", document_no="No. 12")
    RulingFactory(reason="For another")

    answer = browser.get(PAGE)
    papers = answer.context["papers"]

    assert [(pile.label, bases(pile)) for pile in papers.duties] == [
        ("Lead", ["paper of lead"]),
        ("Support", ["paper of support"]),
        ("Supervision", ["paper of supervision"]),
        ("Backstop", ["paper of backstop"]),
    ]
    assert bases(papers.disclaimers) == ["paper of disclaims"]
    assert [paper.record.reason for paper in papers.rulings.papers] == ["By the contract"]
    assert "No. 12" in text(answer)
    assert "Donghu · 3.1 Waste sorting and collection" in text(answer)
    assert papers.count_of_others == 0


def test_party_shows_the_ledger_of_a_day(browser, anju):
    MandateFactory(party=anju, basis="old", valid_until=MARCH)
    MandateFactory(party=anju, basis="new", valid_from=MARCH)

    before, after = (browser.get(PAGE, {"at": day}).context["papers"] for day in ("2026-02-28", "2026-03-01"))

    assert [bases(pile) for pile in before.duties] == [["old"]]
    assert [(bases(pile), pile.papers[0].why_not) for pile in before.others if pile.count] == [
        (["new"], "not begun yet")
    ]
    assert [bases(pile) for pile in after.duties] == [["new"]]
    assert [(bases(pile), pile.papers[0].why_not) for pile in after.others if pile.count] == [(["old"], "ended")]


def test_party_shows_the_ledger_as_it_was_known(browser, anju):
    MandateFactory(party=anju, basis="wrong", recorded_at=MARCH, withdrawn_at=MARCH + 10 * DAY)
    MandateFactory(party=anju, basis="right", recorded_at=MARCH + 10 * DAY)

    then = browser.get(PAGE, {"at": "2026-03-05", "known": "2026-03-05"}).context["papers"]
    now = browser.get(PAGE, {"at": "2026-03-05"}).context["papers"]

    assert ([bases(pile) for pile in then.duties], then.count_of_others) == ([["wrong"]], 0)
    assert [bases(pile) for pile in now.duties] == [["right"]]
    assert [(bases(pile), pile.papers[0].why_not) for pile in now.others if pile.count] == [
        (["wrong"], "withdrawn on 2026-03-11")
    ]


def test_party_marks_what_ends_soon(browser, anju):
    ends = {"soon": 30, "last": 90, "later": 91}
    for basis, days in ends.items():
        MandateFactory(party=anju, basis=basis, valid_until=timezone.now() + days * DAY + timedelta(hours=1))
    MandateFactory(party=anju, basis="open")
    MandateFactory(party=anju, basis="on the day", valid_until=timezone.now() + 90 * DAY)

    answer = browser.get(PAGE)

    (pile,) = answer.context["papers"].duties
    assert [(paper.record.basis, paper.days_left is not None) for paper in pile.papers] == [
        ("soon", True),
        ("on the day", True),
        ("last", False),
        ("later", False),
        ("open", False),
    ]
    assert "30 days left" in text(answer)


def test_party_that_is_closed_down_answers_for_nothing(browser, anju):
    MandateFactory(party=anju, basis="paper")
    anju.closed_at = MARCH
    anju.save()

    after, before = browser.get(PAGE), browser.get(PAGE, {"at": "2026-02-01"})

    assert "Closed down on 2026-03-01. From then on it answers for nothing." in text(after)
    assert after.context["papers"].duties == []
    assert after.context["papers"].others[0].papers[0].why_not == "party closed down"
    assert [bases(pile) for pile in before.context["papers"].duties] == [["paper"]]


def test_party_shows_only_records_that_the_reader_sees(signed_in, anju, estate):
    other = GridFactory(area=AreaFactory())
    MandateFactory(party=anju, estate=estate, basis="there")
    MandateFactory(party=anju, basis="of the town")
    RulingFactory(lead=anju, estate=estate)
    MandateFactory(party=anju, estate=estate, role=Mandate.Role.DISCLAIM)
    MandateFactory(party=anju, estate=estate, valid_until=MARCH)

    papers = signed_in(MembershipFactory(auditor=True, area=other.area)).get(PAGE).context["papers"]

    assert [bases(pile) for pile in papers.duties] == [["of the town"]]
    assert (papers.rulings.count, papers.disclaimers.count, papers.count_of_others) == (0, 0, 0)


def test_party_says_where_it_is_one_of_several_heads(browser, anju, building, estate):
    urban = PartyFactory(code="urban", name_en="Urban")
    MandateFactory(party=anju, item="3.1")
    MandateFactory(party=urban, item="3.1", valid_from=MARCH)
    MandateFactory(party=anju, item="4.1", role=Mandate.Role.BACKSTOP, building=building)
    MandateFactory(party=urban, item="4.2", role=Mandate.Role.BACKSTOP)
    refresh_episodes()

    answer = browser.get(PAGE)
    heads = answer.context["heads"]

    assert [(row.state, row.item.code, row.where, [str(each) for each in row.others]) for row in heads.rows] == [
        ("backstop", "4.1", "3 栋", []),
        ("multi_head", "3.1", "Common area, 3 栋", ["Urban"]),
    ]
    assert (heads.count, heads.rows[1].first_day.isoformat()) == (3, "2026-03-01")
    assert '<a href="/duties/donghu/3.1/">' in text(answer)
    assert '<a href="/parties/urban/">Urban</a>' in text(answer)
    assert [row.item.code for row in browser.get(PAGE, {"at": "2026-02-01"}).context["heads"].rows] == ["4.1"]


def test_party_shows_no_episode_outside_the_area(signed_in, anju, estate):
    MandateFactory(party=anju, item="3.1")
    MandateFactory(item="3.1")
    refresh_episodes()

    answer = signed_in(MembershipFactory(auditor=True, area=AreaFactory())).get(PAGE)

    assert (answer.context["heads"].count, "Donghu" in text(answer)) == (0, False)


def test_party_sets_practice_against_paper(browser, anju, building, coordinator):
    MandateFactory(party=anju, item="3.1")
    MandateFactory(item="4.1", party=anju, valid_until=timezone.now() - DAY)
    handler = MembershipFactory(party=anju)
    logged_case(building=building, by=coordinator, at=timezone.now())
    for _ in range(2):
        return_case(logged_case(building=building, by=coordinator, at=timezone.now()), ground="not ours", by=handler)

    answer = browser.get(PAGE)

    assert [
        (each.item.code, each.led, each.places, each.came, each.returned) for each in answer.context["practice"]
    ] == [("3.1", 2, 2, 3, 2)]
    assert "leads on paper; returned or left 2 of 3 that came to it as the lead." in text(answer)
    assert 'href="/cases/?lead=anju&amp;need_item=3.1&amp;open=true">1</a>' in text(answer)


def test_party_tells_work_without_a_duty(browser, anju, building, coordinator):
    paper = MandateFactory(party=anju, item="3.1")
    handler = MembershipFactory(party=anju)
    case = logged_case(building=building, by=coordinator, at=timezone.now() - 2 * DAY)
    Mandate.objects.filter(pk=paper.pk).update(withdrawn_at=timezone.now())
    sign_for_case(case, by=handler)
    resolve_case(case, reason="done", by=handler)

    page = text(browser.get(PAGE))

    assert "nothing in the ledger gave it 1 of the 1 that it resolved." in page


@pytest.mark.parametrize(("period", "came"), [("", 1), ("90", 0), ("180", 1), ("365", 2)])
def test_party_looks_back_as_far_as_asked(browser, anju, building, coordinator, period, came):
    MandateFactory(party=anju, item="3.1")
    for days in (100, 200, 400):
        logged_case(building=building, by=coordinator, at=timezone.now() - days * DAY)

    (practice,) = browser.get(PAGE, {"period": period} if period else {}).context["practice"]

    assert (practice.came, practice.open) == (came, 3)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"at": "2026-02-30"}, "As it stood on: Give a day as 2026-11-20. You see today."),
        ({"known": "soon"}, "As known: There is no such choice. You see what is known now."),
        ({"period": "7"}, "Period: Ask for 90, 180 or 365 days. You see 180."),
    ],
)
def test_party_names_what_makes_no_sense(browser, anju, asked, message):
    MandateFactory(party=anju, basis="paper")

    answer = browser.get(PAGE, asked)

    assert answer.status_code == 422
    assert message in text(answer)
    assert [bases(pile) for pile in answer.context["papers"].duties] == [["paper"]]


def test_party_links_keep_what_was_asked(browser, anju):
    page = text(browser.get(PAGE, {"at": "2026-03-01", "known": "2026-04-01", "period": "90"}))

    assert 'href="/parties/anju/?at=2026-03-01&amp;known=2026-04-01&amp;period=365#practice"' in page
    assert '<input type="hidden" name="period" value="90">' in page


def test_party_says_when_not_all_papers_are_shown(browser, anju, monkeypatch):
    monkeypatch.setattr("settle_gov.web.parties.papers.SHOWN", 2)
    for _ in range(3):
        MandateFactory(party=anju)

    assert "The first 2 of 3 are shown" in text(browser.get(PAGE))


def test_party_says_when_not_all_episodes_are_shown(browser, anju, building, monkeypatch):
    monkeypatch.setattr("settle_gov.web.parties.heads.READ", 1)
    MandateFactory(party=anju, item="3.1", role=Mandate.Role.BACKSTOP)
    refresh_episodes()

    assert "The 1 longest of 2 are shown" in text(browser.get(PAGE))


@pytest.mark.parametrize("count", [1, 3])
def test_party_costs_the_same_for_any_number_of_papers(
    browser, anju, coordinator, estate, django_assert_num_queries, count
):
    for code in ("3.1", "3.2", "4.1")[:count]:
        MandateFactory(party=anju, item=code)
        MandateFactory(item=code)
        MandateFactory(party=anju, item=code, role=Mandate.Role.DISCLAIM, building=BuildingFactory(estate=estate))
        MandateFactory(party=anju, item=code, valid_until=MARCH)
        RulingFactory(lead=anju, building=BuildingFactory(estate=estate))
        logged_case(estate=estate, building=None, need_item=item(code), by=coordinator)
    refresh_episodes()

    with django_assert_num_queries(23):
        browser.get(PAGE)
