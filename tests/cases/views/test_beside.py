"""What hangs on a case beside its history: files, ratings, duplicates; and what it costs to look."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Attachment, Case, StatutoryRule
from cases.services.attach_file import attach_file
from cases.services.close_case import close_case
from cases.services.extend_case import extend_case
from cases.services.link_duplicate import link_duplicate
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.worktime import Unit
from stakeholders.models import Membership
from tests.cases.views.conftest import BrowserOf, page_of, section
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n"


@pytest.fixture(autouse=True)
def files_of_this_test_alone(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def attached(case: Case, by: Membership, kind: str, number: int = 0) -> None:
    """Attach a document, which is a photo as far as the page can see."""
    file = SimpleUploadedFile(f"{kind}{number}.pdf", PDF + f"{kind}{number}".encode())
    attach_file(case, file=file, kind=kind, by=by, at=MONDAY)
    if kind != Attachment.Kind.DOCUMENT:
        case.attachments.filter(kind=kind).update(media_type="image/jpeg")


def test_photos_stand_by_kind_and_documents_below(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case = logged_case(by=coordinator)
    for kind in ("before", "after", "document"):
        attached(case, coordinator, kind)

    photos = section(page_of(browser_of(coordinator), case), "Photos and documents")

    assert "before 1, after 1" in photos
    assert photos.count('loading="lazy"') == 2
    assert 'alt="before0.pdf"' in photos
    assert ">document0.pdf</a>" in photos


def test_a_case_knows_its_duplicates_and_they_know_it(browser_of: BrowserOf, coordinator: Membership) -> None:
    main, double = logged_case(by=coordinator), logged_case(by=coordinator)
    link_duplicate(double, main_case=main, by=coordinator, at=MONDAY)
    browser = browser_of(coordinator)

    assert f'<dt>Reported again</dt> <dd><a href="{double.get_absolute_url()}">{double.number}</a></dd>' in page_of(
        browser, main
    )
    assert f'<dt>Main case</dt> <dd><a href="{main.get_absolute_url()}">{main.number}</a></dd>' in page_of(
        browser, double
    )


def test_facts_say_who_is_in_charge_and_what_the_reporter_answered(
    browser_of: BrowserOf, coordinator: Membership, lead: Membership
) -> None:
    case, browser = logged_case(by=coordinator), browser_of(coordinator)
    put_in_charge(case, person=lead, by=lead, at=MONDAY)
    sign_for_case(case, by=lead, at=MONDAY)
    resolve_case(case, by=lead, reason="x", at=MONDAY)
    close_case(case, by=coordinator, reason="x", at=MONDAY + timedelta(hours=1))
    rate_case(case, by=coordinator, contacted=True, satisfied=False, at=MONDAY + timedelta(hours=2))

    facts = section(page_of(browser, case), "The matter")

    assert "<dt>In charge</dt> <dd>陈立军, Anju</dd>" in facts
    assert "<dt>Checked</dt> <dd>16 Nov 10:14</dd>" in facts
    assert "✓ contacted" in facts
    assert "✕ not satisfied" in facts
    assert "solved" not in facts.replace("not satisfied", "")


def test_page_says_that_a_case_is_listed(browser_of: BrowserOf, coordinator: Membership) -> None:
    case = logged_case(by=coordinator)
    assert "Listed for supervision" not in page_of(browser_of(coordinator), case)

    Case.objects.update(listed_at=MONDAY)

    assert "Listed for supervision" in page_of(browser_of(coordinator), case)


@pytest.fixture
def see(browser_of: BrowserOf, coordinator: Membership) -> Client:
    return browser_of(coordinator)


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_at_most_one_query_more_for_each_thing_there_is(
    see: Client,
    coordinator: Membership,
    lead: Membership,
    django_assert_num_queries: DjangoAssertNumQueries,
    count: int,
) -> None:
    case = logged_case(by=coordinator)
    for number in range(count):
        attached(case, coordinator, "before", number)
        link_duplicate(logged_case(by=coordinator), main_case=case, by=coordinator)
        rule = StatutoryRule.objects.create(code=str(number), name="x", article="y", amount=60, unit=Unit.CALENDAR_DAY)
        start_statutory_timer(case, rule=rule, by=coordinator)

    # 11 for a plain case · duplicates · files · timers, and the names of their limits in the story
    with django_assert_num_queries(15):
        see.get(case.get_absolute_url())


def test_page_of_a_dispute_costs_as_much_as_it_has_parts(
    see: Client, coordinator: Membership, lead: Membership, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case, works = logged_case(by=coordinator), MembershipFactory()
    return_case(case, by=lead, ground="x")
    reassign_case(case, by=coordinator, lead=works.party, reason="y")
    return_case(case, by=works, ground="z")
    sign_for_case(case, by=lead)
    Case.objects.update(resolve_due_at="2099-01-01T00:00Z")
    extend_case(case, by=lead, amount=1, unit=Unit.WORKING_DAY, reason="x")

    # 11 for a plain case · stances · the dispute, and the name of its level in the story · requests
    with django_assert_num_queries(15):
        see.get(case.get_absolute_url())
