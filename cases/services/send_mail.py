"""Send the mails that were collected."""

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from smtplib import SMTPException

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.letter import Letter
from cases.models import Mail
from cases.rulebook import Rulebook
from cases.timeline import Names
from cases.wishes import reachable

BATCH = 10  # mails claimed at once: with a server that lets each wait, they are done before the worker's time is up
BUDGET = 100  # seconds after which a run claims no more; the next one goes on
FAILURES = (SMTPException, OSError, ValueError)  # ValueError: an address or a header that cannot be written

FIELDS = ("address", "subject", "body", "due_at", "claimed_at", "given_up_at", "tries", "last_error")


def send_mail(*, at: datetime | None = None) -> int:
    """Send each mail that is due and return how many were sent.

    A mail is claimed and the claim committed; then it is sent outside of any transaction, and stamped. What dies in
    between leaves a claim that grows old, and the mail is sent again under the same Message-ID. A run that gets
    nothing through stops, and the rest keeps its tries.
    """
    sent, until = 0, time.monotonic() + BUDGET
    while time.monotonic() < until and (batch := _claim(at or timezone.now())) is not None:
        got_through = _send(batch, at)
        sent += got_through
        if batch and not got_through:
            break
    return sent


@transaction.atomic(durable=True)
def _claim(at: datetime) -> list[Mail] | None:
    """Claim some mails and write them; None when none is waiting.

    They are written here and not when they were collected, so that they say nothing which by now is out of sight or
    has been read.
    """
    waiting = Mail.objects.waiting(at).order_by("due_at", "pk")
    waiting = waiting.select_related("recipient__user", "recipient__party", "recipient__area")
    mails = list(waiting.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    if not mails:
        return None
    reached = set(reachable(at).filter(mails__in=mails).values_list("pk", flat=True))
    opens = Rulebook().calendar.opening(at)
    same = Mail.objects.filter(pk__in=[mail.pk for mail in mails])
    waits = set(same.that_can_wait().values_list("pk", flat=True)) if opens > at else set()
    letters = []
    for mail in mails:
        letter = Letter.for_mail(mail)
        if reason := _why_not(letter, reached):
            mail.given_up_at, mail.last_error = at, reason
        elif mail.pk in waits:
            mail.due_at = opens
        else:
            letters.append(letter)
    _write(letters, at)
    Mail.objects.bulk_update(mails, FIELDS)
    return [letter.mail for letter in letters]


def _why_not(letter: Letter, reached: Collection[int]) -> str:
    """Why a mail is not to be sent any more; empty where it is."""
    if letter.mail.recipient_id not in reached:
        return _("The recipient has left, has no address, or wants no mail.")
    if not letter.notices:
        return _("Nothing is left to tell: it has been read, or is out of sight.")
    if letter.mail.tries >= Mail.MOST_TRIES:
        return letter.mail.last_error or _("Whoever sent it never came back.")
    return ""


def _write(letters: Sequence[Letter], at: datetime) -> None:
    names = Names.in_events(event for letter in letters for event in letter.events)
    for letter in letters:
        letter.write(names)
        mail = letter.mail
        mail.address, mail.claimed_at, mail.tries = mail.recipient.user.email, at, mail.tries + 1


def _send(mails: Sequence[Mail], at: datetime | None) -> int:
    sent = 0
    for mail, error in _deliver(mails):
        now, own = at or timezone.now(), Mail.objects.filter(pk=mail.pk)
        if not error:
            sent += own.update(sent_at=now, given_up_at=None, last_error="")
            continue
        own = own.filter(claimed_at=mail.claimed_at, sent_at__isnull=True)  # unless another one has taken it over
        if mail.tries < Mail.MOST_TRIES:
            own.update(claimed_at=None, due_at=now + Mail.RETRIES[mail.tries - 1], last_error=error)
        else:
            own.update(given_up_at=now, last_error=error)
    return sent


def _deliver(mails: Sequence[Mail]) -> Iterator[tuple[Mail, str]]:
    """Hand mails to the server over one connection and tell of each what went wrong, empty for nothing."""
    connection = get_connection()
    for mail in mails:
        error = ""
        try:
            connection.open()
            connection.send_messages([_message(mail)])
        except FAILURES as failure:
            error = str(failure) or type(failure).__name__
            _close(connection)  # whatever state it is in; the next mail opens it anew
        yield mail, error
    _close(connection)


def _close(connection: BaseEmailBackend) -> None:
    with suppress(*FAILURES):
        connection.close()


def _message(mail: Mail) -> EmailMessage:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}  # RFC 3834: nobody is to answer it
    return EmailMessage(mail.subject, mail.body, to=[mail.address], headers=headers)
