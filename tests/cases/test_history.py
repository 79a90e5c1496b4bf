"""The history is a chain: a line that was bent shows."""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks as Capture

from cases.history import Line, begin, untold
from cases.models import Case, CaseEvent
from cases.services.comment_on_case import comment_on_case
from tests.factories.cases import MONDAY, logged_case
from tests.factories.stakeholders import MembershipFactory

pytestmark = pytest.mark.django_db


def test_each_line_carries_the_digest_of_the_one_before() -> None:
    case = comment_on_case(logged_case(), reason="催办", by=MembershipFactory(coordinator=True))

    digest = ""
    for number, event in enumerate(case.events.order_by("seq"), start=1):
        assert event.seq == number
        assert event.digest == event.digest_after(digest)
        digest = event.digest
    assert (case.head_seq, case.head_digest) == (number, digest)


def test_history_that_begins_in_bulk_is_chained_alike() -> None:
    logged = logged_case()
    copies = [Case.objects.get(pk=logged.pk) for _ in range(2)]
    for number, case in enumerate(copies):
        case.pk, case.number, case.head_seq, case.head_digest = None, f"AZ-20261116-9{number}", 0, ""

    with transaction.atomic():
        begin([(case, [Line(CaseEvent.Kind.IMPORTED, MONDAY), Line(CaseEvent.Kind.OPENED, MONDAY)]) for case in copies])

    for case in Case.objects.filter(number__startswith="AZ-20261116-9"):
        first, second = case.events.order_by("seq")
        assert first.digest == first.digest_after("")
        assert second.digest == second.digest_after(first.digest) == case.head_digest


def test_digest_covers_what_happened_when_and_by_whom() -> None:
    event = logged_case().events.first()
    before = event.digest_after("")

    for field, value in {"kind": "closed", "at": MONDAY + timedelta(1), "by_id": None, "details": {"a": 1}}.items():
        kept = getattr(event, field)
        setattr(event, field, value)
        assert event.digest_after("") != before
        setattr(event, field, kept)
    assert event.digest_after("x") != before


def test_history_is_read_back_as_it_was_written() -> None:
    case = Case.objects.get(pk=logged_case(title="灯不亮").pk)

    assert [event.kind for event in case.events.all()] == ["reported", "opened", "found"]


def test_replay_keeps_its_events_out_of_the_broker(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks() as messages, untold():
        logged_case()
    assert messages == []

    with django_capture_on_commit_callbacks() as messages:
        logged_case()
    assert len(messages) > 0
