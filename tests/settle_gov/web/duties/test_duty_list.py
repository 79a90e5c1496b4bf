"""Sending a duty list, seeing what it would change, recording it, and having the bad rows back."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from stakeholders.models import DutyList, Mandate, Membership
from stakeholders.services.keep_duty_list import keep_duty_list
from tests.factories.stakeholders import (
    BuildingFactory,
    EstateFactory,
    MandateFactory,
    MembershipFactory,
    PartyFactory,
    TownFactory,
)
from tests.stakeholders.duty_list.lists import duty_file, duty_row

pytestmark = pytest.mark.django_db

SEND = "/duties/import/"


@pytest.fixture
def coordinator() -> Membership:
    PartyFactory(code="anju", name="安居物业", name_en="Anju Property")
    BuildingFactory(name="1 栋", estate=EstateFactory(code="donghu", name_en="East Lake"))
    return MembershipFactory(coordinator=True)


@pytest.fixture
def browser(signed_in, coordinator):
    return signed_in(coordinator)


def sent(*rows: list[object], name: str = "清单.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, duty_file(*rows).getvalue())


def kept(by: Membership, *rows: list[object]) -> DutyList:
    return keep_duty_list(sent(*rows), by=by)


def page_of(duty_list: DutyList) -> str:
    return reverse("duties:import-list", args=[duty_list.reference])


def words_of(answer) -> str:
    """What stands on a page, blanks squeezed."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode())))


def outcome_of(answer) -> str:
    return answer.context["report"].outcome


def test_sent_list_is_kept_and_shown(browser, coordinator):
    answer = browser.post(SEND, {"file": sent(duty_row("anju", 小区="donghu"))})

    duty_list = DutyList.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(duty_list))
    assert duty_list.uploaded_by == coordinator
    assert not Mandate.objects.exists()


def test_list_of_too_many_rows_is_refused_and_not_kept(browser):
    answer = browser.post(SEND, {"file": SimpleUploadedFile("清单.csv", b"a\n" * 20_001)})

    assert answer.status_code == 422
    assert "The file has more than 20,000 rows, empty ones counted." in words_of(answer)
    assert "at most 2.5 MB and 20,000 rows." in words_of(answer).replace("\xa0", " ")
    assert not DutyList.objects.exists()


def test_dry_run_shows_new_known_and_refused_rows_and_what_would_change(browser, coordinator):
    duty_list = kept(
        coordinator,
        duty_row("anju", 小区="donghu"),
        duty_row("anju", 小区="donghu"),
        duty_row("nobody", 小区="donghu"),
    )

    words = words_of(browser.get(page_of(duty_list)))

    assert "New duties 1 Known before 1 Refused rows 1" in words
    assert "4 责任单位: “nobody” is not known here." in words
    assert "Gaps closed 2 Gaps opened 0 Gaps that become others 0 Other party 0" in words
    assert (
        "East Lake 3.1 Waste sorting and collection common area, 1 栋 V Vacuum Nobody answers for it. "
        "Clear Anju Property answers for it. gap closed"
    ) in words
    assert "Record 1 duty" in words
    assert "Download 1 refused row" in words


def test_dry_run_names_many_buildings_by_their_number_and_what_opens_a_gap(browser, coordinator):
    estate = EstateFactory(code="far")
    for _number in range(4):
        BuildingFactory(estate=estate)
    MandateFactory(estate=estate, item="3.1")

    words = words_of(browser.get(page_of(kept(coordinator, duty_row("anju", 小区="far")))))

    assert "Common area and 4 buildings Clear" in words
    assert "gap opened" in words


def test_list_is_recorded_by_the_button(browser, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"), duty_row("nobody"))
    shown = browser.get(page_of(duty_list))

    answer = browser.post(page_of(duty_list), {"outcome": outcome_of(shown)}, follow=True)

    assert Mandate.objects.get().recorded_by == coordinator
    words = words_of(answer)
    assert "1 duty is recorded." in words
    assert "New duties 1 Known before 0 Refused rows 1" in words
    assert "What would change" not in words
    assert "Download 1 refused row" in words


def test_list_that_is_recorded_twice_says_so(browser, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))
    outcome = outcome_of(browser.get(page_of(duty_list)))
    browser.post(page_of(duty_list), {"outcome": outcome})

    answer = browser.post(page_of(duty_list), {"outcome": outcome})

    assert answer.status_code == 409
    assert "This list is recorded already; nothing was recorded twice." in words_of(answer)
    assert Mandate.objects.count() == 1


def test_list_that_comes_to_something_else_by_now_is_shown_anew(browser, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))
    outcome = outcome_of(browser.get(page_of(duty_list)))
    mandate = MandateFactory(item="3.1")

    answer = browser.post(page_of(duty_list), {"outcome": outcome})

    assert answer.status_code == 409
    assert "The ledger has changed since" in words_of(answer)
    assert outcome_of(answer) != outcome
    assert f'value="{outcome_of(answer)}"' in answer.content.decode()
    assert Mandate.objects.get() == mandate
    assert browser.post(page_of(duty_list), {"outcome": outcome_of(answer)}).status_code == 302


def test_list_of_known_rows_says_that_there_is_nothing_to_record(browser, coordinator):
    for _time in range(2):
        duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))
        answer = browser.get(page_of(duty_list))
        browser.post(page_of(duty_list), {"outcome": outcome_of(answer)})

    assert "There is nothing to record The ledger knows every row that makes sense." in words_of(answer)
    assert '<button class="btn btn--main' not in answer.content.decode()


def test_refused_rows_come_back_as_a_file(browser, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"), duty_row("nobody", 小区="donghu"))

    answer = browser.get(reverse("duties:import-refused", args=[duty_list.reference]))

    assert answer["Content-Type"] == "text/csv"
    assert "attachment" in answer["Content-Disposition"]
    assert ".refused.csv" in answer["Content-Disposition"]
    header, row = answer.content.decode("utf-8-sig").splitlines()
    assert header.endswith(",What is wrong")
    assert row.endswith("责任单位: “nobody” is not known here.")


def test_file_comes_back_as_it_was_sent(browser, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))

    answer = browser.get(reverse("duties:import-file", args=[duty_list.reference]))

    assert answer.content == bytes(duty_list.content)


@pytest.mark.parametrize(("kind", "language", "first"), [("csv", "en", "party"), ("csv", "zh-hans", "责任单位")])
def test_template_speaks_the_language_of_the_reader(signed_in, coordinator, kind, language, first):
    answer = signed_in(coordinator, language).get(f"{SEND}template/{kind}/")

    assert answer.content.decode("utf-8-sig").split(",")[0] == first


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_template_can_be_sent_back_and_comes_to_nothing(browser, kind):
    template = browser.get(f"{SEND}template/{kind}/").content

    answer = browser.post(SEND, {"file": SimpleUploadedFile(f"清单.{kind}", template)}, follow=True)

    assert answer.context["report"].refusals == []
    assert "There is nothing to record No row of the list passes, or it has none." in words_of(answer)


def test_template_of_another_kind_is_not_there(browser):
    assert browser.get(f"{SEND}template/pdf/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("清单.csv", b"", "The file is empty."),
        ("清单.pdf", b"%PDF", "Give a CSV or XLSX file"),
        ("清单.csv", b"a,b\n1,2\n", "None of the first 5 rows is a header"),
    ],
)
def test_file_that_is_no_list_is_named_at_its_field(browser, name, content, complaint):
    answer = browser.post(SEND, {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 422
    assert complaint in words_of(answer)
    assert not DutyList.objects.exists()


def test_no_file_at_all_is_named_at_its_field(browser):
    answer = browser.post(SEND, {})

    assert answer.status_code == 422
    assert "Duty list: This field is required." in words_of(answer)


def test_file_that_is_too_large_is_refused_in_clear_words(browser, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    answer = browser.post(SEND, {"file": sent(duty_row("anju", 小区="donghu"))})

    assert answer.status_code == 413
    assert "at most 100 bytes are taken. Split the list." in words_of(answer)


@pytest.mark.parametrize("role", ["auditor", "administrator", "grid_worker"])
def test_who_may_not_keep_the_ledger_is_turned_away(signed_in, coordinator, role):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))
    browser = signed_in(MembershipFactory(**{role: True}))
    addresses = [SEND, page_of(duty_list), f"{page_of(duty_list)}refused/", f"{page_of(duty_list)}file/"]

    assert {browser.get(address).status_code for address in [*addresses, f"{SEND}template/csv/"]} == {403}
    assert browser.post(SEND, {"file": sent()}).status_code == 403
    assert browser.post(page_of(duty_list), {"outcome": "a"}).status_code == 403


def test_list_of_somebody_else_is_not_there_until_it_is_recorded(signed_in, coordinator):
    duty_list = kept(coordinator, duty_row("anju", 小区="donghu"))
    colleague = signed_in(MembershipFactory(coordinator=True))
    neighbour = signed_in(MembershipFactory(coordinator=True, area=TownFactory(code="379926102000")))
    addresses = [page_of(duty_list), f"{page_of(duty_list)}refused/", f"{page_of(duty_list)}file/"]

    assert {colleague.get(address).status_code for address in addresses} == {404}
    assert colleague.post(page_of(duty_list), {"outcome": "a"}).status_code == 404
    DutyList.objects.update(recorded_at=timezone.now())
    assert {colleague.get(address).status_code for address in addresses} == {200}
    assert {neighbour.get(address).status_code for address in addresses} == {404}
    assert "清单.csv" in words_of(colleague.get(SEND))
    assert "清单.csv" not in words_of(neighbour.get(SEND))


@pytest.mark.parametrize("count", [1, 3])
def test_earlier_lists_cost_the_same_for_any_number(browser, coordinator, django_assert_num_queries, count):
    for _number in range(count):
        kept(coordinator, duty_row("anju", 小区="donghu"))

    with django_assert_num_queries(6):
        browser.get(SEND)


@pytest.mark.parametrize("count", [1, 3])
def test_dry_run_costs_the_same_for_any_number_of_rows(browser, coordinator, django_assert_num_queries, count):
    rows = [
        duty_row(PartyFactory().code, 小区=EstateFactory().code, 事项=["3.1", "3", "全部"][number])
        for number in range(count)
    ]
    duty_list = kept(coordinator, *rows)

    with django_assert_num_queries(21):
        browser.get(page_of(duty_list))
