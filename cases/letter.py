"""What a mail says: plain text in the language of the site, about nothing that its reader may not see."""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.conf import settings
from django.db import models
from django.db.models import F, Value, When
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, CaseEvent, Mail, Notification
from cases.timeline import Names, tell_notice
from cases.wording import moment_words
from stakeholders.models import Membership
from stakeholders.models.need import Urgency

MOST_LINES = 50
SUBJECT_LENGTH = 120  # characters; a phone shows fewer

_URGENCY = models.Case(*(When(event__case__urgency=each, then=Value(place)) for place, each in enumerate(Urgency)))


@dataclass(frozen=True)
class Letter:
    """What goes into one mail: how many notices there are in all, and the first of them, the most urgent in front."""

    mail: Mail
    notices: Sequence[Notification]
    count: int

    @classmethod
    def for_mail(cls, mail: Mail) -> "Letter":
        """Read what the recipient still sees and has not read yet: one query, and one to count what does not fit."""
        told = Notification.objects.told_to(mail.recipient).unread().filter(mail=mail)
        told = told.select_related(
            "event__case__estate", "event__case__building", "event__by__user", "event__by__party", "webhook"
        ).defer("event__case__description", "event__case__search_text")
        due = F("event__case__resolve_due_at").asc(nulls_last=True)
        notices = list(told.order_by(_URGENCY, due, "event__case", "event")[:MOST_LINES])
        return cls(mail, notices, told.count() if len(notices) == MOST_LINES else len(notices))

    @property
    def events(self) -> list[CaseEvent]:
        """What it tells about."""
        return [each.event for each in self.notices]

    def write(self, names: Names) -> None:
        """Put subject and text on the mail; the caller saves it. There must be something to tell."""
        with translation.override(settings.LANGUAGE_CODE):
            self.mail.subject = Truncator(self._subject()).chars(SUBJECT_LENGTH)
            self.mail.body = "\n".join(self._lines(names))

    def _subject(self) -> str:
        case = self.notices[0].event.case
        if self.count == 1:
            return _name(case)
        words = ngettext(
            "%(count)d notice, the most urgent: %(case)s", "%(count)d notices, the most urgent: %(case)s", self.count
        )
        return words % {"count": self.count, "case": _name(case)}

    def _lines(self, names: Names) -> Iterator[str]:
        for case, notices in groupby(self.notices, key=lambda each: each.event.case):
            yield _name(case)
            yield from filter(None, [case.place, _due(case)])
            yield address(case.get_absolute_url())
            for each in notices:
                yield f"- {moment_words(each.event.at)} {_sentence(each, names, self.mail.recipient)}"
            yield ""
        if more := self.count - len(self.notices):
            yield ngettext("and %(count)d more:", "and %(count)d more:", more) % {"count": more}
            yield address(reverse("notices"))
            yield ""
        yield "-- "  # what follows is a signature to programs that read mail (RFC 3676, 4.3)
        yield _("For %(member)s. Which mail you get is up to you:") % {"member": self.mail.recipient}
        yield address(reverse("me"))


def address(path: str) -> str:
    """A link that works outside the site; the bare path where nobody has said under which name it is reached."""
    return f"{settings.SITE_URL}{path}"


def _name(case: Case) -> str:
    return " ".join(f"{case.number} {case.title}".split())  # one line, whatever was typed


def _due(case: Case) -> str:
    return _("To be resolved by %(due)s") % {"due": moment_words(case.resolve_due_at)} if case.resolve_due_at else ""


def _sentence(notice: Notification, names: Names, reader: Membership) -> str:
    return html.unescape(strip_tags(tell_notice(notice, names, reader.party)))
