"""An event and what its sentence needs beside it."""

from dataclasses import dataclass

from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.models import CaseEvent
from cases.timeline.names import Names
from cases.wording import moment_words


@dataclass(frozen=True)
class Telling:
    """An event, the names in it, and how long the party had the case before it signed for it, in words."""

    event: CaseEvent
    names: Names
    took: str = ""

    @property
    def actor(self) -> SafeString:
        """The person who did it, or the system."""
        return bold(self.event.by.user) if self.event.by else plain(_("The system"))

    @property
    def acting_party(self) -> SafeString:
        """The party on whose behalf it was done, or the system."""
        return bold(self.event.by.party) if self.event.by else plain(_("The system"))

    def party(self, key: str) -> SafeString:
        """The name of the party whose code stands in the details."""
        return self.party_with(self.event.details[key])

    def party_with(self, code: str) -> SafeString:
        """The name of a party; a code that is gone still tells something."""
        return bold(self.names.parties.get(code, code))

    def parties(self, key: str) -> SafeString:
        """The names of the parties whose codes stand in the details."""
        names = [(self.party_with(code),) for code in self.event.details.get(key, ())]
        return format_html_join(pgettext("between names", ", "), "{}", names)

    def level(self, key: str) -> SafeString:
        """The name of the level of a dispute."""
        name = self.event.details[key]
        return bold(self.names.levels.get(name, name))

    def timer(self) -> SafeString:
        """The name of a statutory time limit."""
        code = self.event.details["timer"]
        return bold(self.names.timers.get(code, code))

    def has(self, key: str) -> bool:
        """Whether the details say something under this key."""
        return bool(self.event.details.get(key))

    def moment(self, key: str) -> str:
        """The moment in the details, in words; empty where there is none."""
        moment = parse_datetime(self.event.details.get(key) or "")
        return moment_words(moment) if moment else ""


def bold(name: object) -> SafeString:
    """A party or a person, as it stands in a sentence."""
    return format_html("<b>{}</b>", str(name))


def plain(sentence: str) -> SafeString:
    """A sentence without places to fill in."""
    return format_html("{}", sentence)
