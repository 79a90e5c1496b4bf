"""Mails leave once, say only what may be said, and are tried again as long as there is hope."""

from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from cases.models import Case, CaseEvent, Mail, NoticeSettings, Notification
from cases.services.collect_mail import collect_mail
from cases.services.send_mail import send_mail
from stakeholders.models import Membership
from tests.factories.cases import MONDAY
from tests.factories.notices import seen_case, told, told_often
from tests.factories.stakeholders import GridFactory, MandateFactory, MembershipFactory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLOSING = datetime.fromisoformat("2026-11-16T17:29:30+08:00")
MORNING = datetime.fromisoformat("2026-11-17T08:30:00+08:00")


class Deaf(EmailBackend):
    """A server that cannot be reached."""

    def open(self) -> bool:
        raise ConnectionRefusedError(111, "Connection refused")


class Forgetful(EmailBackend):
    """A server that takes a mail and breaks off before it says so."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        super().send_messages(messages)
        raise SMTPServerDisconnected("Connection unexpectedly closed")


class Killed(EmailBackend):
    """The process dies once the mail has left."""

    def send_messages(self, messages: list[EmailMessage]) -> int:
        super().send_messages(messages)
        raise SystemExit


@pytest.fixture(autouse=True)
def texts_in_english(settings: Settings) -> None:
    settings.LANGUAGE_CODE, settings.SITE_URL = "en", "https://settle.example"


@pytest.fixture
def handler() -> Membership:
    return MembershipFactory(user__email="wang@example.com", party__name_en="Anju Property")


def use(settings: Settings, backend: type[EmailBackend] = EmailBackend) -> None:
    settings.EMAIL_BACKEND = f"{backend.__module__}.{backend.__name__}"


def collected(*recipients: Membership) -> Mail:
    for each in recipients:
        told(each)
    collect_mail(at=MONDAY)
    return Mail.objects.first()


def ids() -> list[str]:
    return [message.extra_headers["Message-ID"] for message in outbox.outbox]


def test_send_mail_tells_of_a_case_in_plain_words_and_links_to_it(handler):
    MandateFactory(party=handler.party, item="3.1")
    case = seen_case(handler, title="Bins <overflow> & smell", reporter_name="刘桂兰", reporter_phone="13800002607")
    told(handler, event=CaseEvent.objects.get(case=case, kind="assigned"), case=case)
    collect_mail(at=MONDAY)

    assert send_mail(at=MONDAY) == 1
    (message,) = outbox.outbox
    assert message.to == ["wang@example.com"]
    assert message.subject == f"{case.number} Bins <overflow> & smell"
    assert message.body.split("\n") == [
        f"{case.number} Bins <overflow> & smell",
        case.place,
        "To be resolved by 17 Nov 17:30",
        f"https://settle.example/cases/{case.number}/",
        "- 16 Nov 09:14 It went to Anju Property, as the duty list says.",
        "",
        "-- ",
        f"For {handler}. Which mail you get is up to you:",
        "https://settle.example/me/",
    ]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_send_mail_knows_the_bare_path_where_the_site_has_no_address(handler, settings):
    settings.SITE_URL = ""
    mail = collected(handler)

    send_mail(at=MONDAY)

    assert f"\n{Case.objects.get().get_absolute_url()}\n" in outbox.outbox[0].body
    assert mail.notifications.count() == 1


def test_send_mail_counts_many_and_puts_the_most_urgent_first(handler):
    told(handler, seen_case(handler, title="a lamp"))
    fire = seen_case(handler, title="a fire", urgency="E")
    Case.objects.filter(pk=fire.pk).update(resolve_due_at=MONDAY + timedelta(days=99))
    told(handler, fire)
    collect_mail(at=MONDAY)

    send_mail(at=MONDAY)

    (message,) = outbox.outbox
    assert message.subject == f"2 notices, the most urgent: {fire.number} a fire"
    assert message.body.index("a fire") < message.body.index("a lamp")


def test_send_mail_names_a_case_once_and_at_most_fifty_notices(handler):
    told_often(handler, 52)
    collect_mail(at=MONDAY)

    send_mail(at=MONDAY)

    (message,) = outbox.outbox
    assert message.subject.startswith("52 notices, the most urgent: ")
    assert message.body.count("\n- ") == 50
    assert message.body.count("/cases/") == 1
    assert "and 2 more:\nhttps://settle.example/notices/\n" in message.body


def test_send_mail_writes_in_the_language_of_the_site(handler, settings):
    settings.LANGUAGE_CODE = "zh-hans"
    told(handler)
    collect_mail(at=MONDAY)

    send_mail(at=MONDAY)

    assert "11 月 16 日 09:14" in outbox.outbox[0].body or "11月16日 09:14" in outbox.outbox[0].body


def test_send_mail_sends_nothing_twice(handler):
    collected(handler)

    assert (send_mail(at=MONDAY), send_mail(at=MONDAY + timedelta(days=1))) == (1, 0)
    assert Mail.objects.get().sent_at == MONDAY


def test_mail_that_was_collected_when_everything_stopped_is_sent_later_and_once(handler):
    collected(handler)

    assert (send_mail(at=MORNING), collect_mail(at=MORNING), send_mail(at=MORNING)) == (1, 0, 0)
    assert len(outbox.outbox) == 1


def test_mail_that_left_before_the_server_broke_off_is_sent_again_as_the_same(handler, settings):
    collected(handler)
    use(settings, Forgetful)
    assert send_mail(at=MONDAY) == 0
    use(settings)
    assert send_mail(at=MONDAY + timedelta(seconds=59)) == 0

    assert send_mail(at=MONDAY + MINUTE) == 1
    assert len(ids()) == 2
    assert len(set(ids())) == 1
    assert Mail.objects.get().tries == 2


def test_mail_whose_sender_died_before_stamping_is_sent_again_as_the_same_once_the_claim_is_old(handler, settings):
    collected(handler)
    use(settings, Killed)
    with pytest.raises(SystemExit):
        send_mail(at=MONDAY)
    use(settings)

    assert send_mail(at=MONDAY + Mail.CLAIM - MINUTE) == 0
    assert send_mail(at=MONDAY + Mail.CLAIM) == 1
    assert len(set(ids())) == 1
    assert Mail.objects.get().tries == 2


def test_mail_that_cannot_be_sent_is_tried_less_and_less_often_and_then_given_up(handler, settings):
    NoticeSettings.objects.create(membership=handler, quiet=False)
    mail = collected(handler)
    use(settings, Deaf)
    at, waits = MONDAY, []

    while mail.given_up_at is None:
        send_mail(at=at)
        mail.refresh_from_db()
        waits.append((mail.due_at - at) / MINUTE)
        at = mail.due_at

    assert waits == [1, 5, 30, 120, 720, 0]
    assert (mail.tries, mail.last_error, mail.has_failed) == (6, "[Errno 111] Connection refused", True)
    use(settings)
    assert send_mail(at=at + timedelta(days=9)) == 0


def test_mail_whose_sender_always_dies_is_given_up_too(handler, settings):
    collected(handler)
    Mail.objects.update(tries=Mail.MOST_TRIES, claimed_at=MONDAY)

    assert send_mail(at=MONDAY + Mail.CLAIM) == 0
    assert Mail.objects.get().has_failed


def test_send_mail_stops_when_nothing_gets_through(settings, monkeypatch):
    monkeypatch.setattr("cases.services.send_mail.BATCH", 2)
    collected(*(MembershipFactory(user__email="wang@example.com") for _ in range(5)))
    use(settings, Deaf)

    send_mail(at=MONDAY)

    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 0, 0, 1, 1]


def test_one_address_that_is_refused_holds_up_nobody(handler):
    bad = MembershipFactory(user__email="x@y.example\nBcc: z@y.example")  # as only the database could have it
    collected(bad, handler)

    assert send_mail(at=MONDAY) == 1
    assert [message.to for message in outbox.outbox] == [["wang@example.com"]]
    refused = Mail.objects.get(recipient=bad)
    assert (refused.tries, refused.sent_at) == (1, None)
    assert "newlines" in refused.last_error


def test_send_mail_uses_the_address_of_now(handler):
    collected(handler)
    handler.user.email = "new@example.com"
    handler.user.save()

    send_mail(at=MONDAY)

    assert outbox.outbox[0].to == ["new@example.com"]
    assert Mail.objects.get().address == "new@example.com"


def test_a_second_try_waits_for_business_hours(handler, settings):
    told(handler, due=CLOSING)
    collect_mail(at=CLOSING)
    use(settings, Deaf)
    send_mail(at=CLOSING)
    use(settings)

    assert send_mail(at=CLOSING + MINUTE) == 0
    assert send_mail(at=MORNING - MINUTE) == 0
    assert send_mail(at=MORNING) == 1


def test_a_second_try_about_what_is_urgent_does_not_wait(handler, settings):
    told(handler, seen_case(handler, urgency="U"), due=CLOSING)
    collect_mail(at=CLOSING)
    use(settings, Deaf)
    send_mail(at=CLOSING)
    use(settings)

    assert send_mail(at=CLOSING + MINUTE) == 1


def test_send_mail_says_nothing_of_a_case_that_is_out_of_sight_by_now():
    coordinator = MembershipFactory(coordinator=True, user__email="li@example.com")
    mine = seen_case(coordinator)
    told(coordinator, mine)
    told(coordinator, seen_case(coordinator))
    collect_mail(at=MONDAY)
    Membership.objects.filter(pk=coordinator.pk).update(area=mine.area_id)

    assert send_mail(at=MONDAY) == 1
    assert outbox.outbox[0].subject.startswith(mine.number)
    assert outbox.outbox[0].body.count("/cases/") == 1


def test_mail_of_which_nothing_is_left_is_not_sent(handler):
    coordinator = MembershipFactory(coordinator=True, user__email="li@example.com")
    collected(handler, coordinator)
    Notification.objects.filter(recipient=handler).update(read_at=timezone.now())
    Membership.objects.filter(pk=coordinator.pk).update(area=GridFactory().area)

    assert send_mail(at=MONDAY) == 0
    assert [(mail.given_up_at, mail.has_failed) for mail in Mail.objects.all()] == [(MONDAY, False)] * 2


@pytest.mark.parametrize("change", [{"user__is_active": False}, {"user__email": ""}, {"until": MONDAY}])
def test_send_mail_sends_nothing_to_who_is_gone_by_now(handler, change):
    collected(handler)
    for name, value in change.items():
        owner = handler.user if name.startswith("user__") else handler
        setattr(owner, name.removeprefix("user__"), value)
        owner.save()

    assert send_mail(at=MONDAY) == 0
    assert outbox.outbox == []
    assert Mail.objects.get().given_up_at == MONDAY


@pytest.mark.parametrize("count", [1, 3])
def test_send_mail_costs_the_same_for_any_number_of_notices(
    handler, count, django_assert_num_queries: DjangoAssertNumQueries
):
    for _ in range(count):
        told(handler)
    collect_mail(at=MONDAY)

    with django_assert_num_queries(11):
        assert send_mail(at=MONDAY) == 1


@pytest.mark.parametrize(("count", "queries"), [(1, 11), (3, 15)])
def test_send_mail_costs_two_queries_for_each_mail(count, queries, django_assert_num_queries: DjangoAssertNumQueries):
    collected(*(MembershipFactory(user__email="wang@example.com") for _ in range(count)))

    with django_assert_num_queries(queries):
        assert send_mail(at=MONDAY) == count


def test_send_mail_with_nothing_to_do_is_one_look(handler, django_assert_num_queries: DjangoAssertNumQueries):
    collected(handler)
    send_mail(at=MONDAY)

    with django_assert_num_queries(3):  # with the two marks of the transaction
        send_mail(at=MONDAY)
