"""Telling events: one by itself, or all of a case as a story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.faults import UNOWNED
from cases.models import CaseEvent, EscalationRule, Finding, Notification
from cases.timeline.faults import asks, question
from cases.timeline.names import Names
from cases.timeline.sentences import ICONS, NOTES, SENTENCES
from cases.timeline.telling import Telling
from cases.wording import work_words
from cases.worktime import WorkCalendar
from stakeholders.models import Party

Kind = CaseEvent.Kind

# Findings whose mark stands beside the sentence: those that are a state of the case
MARKED = (*UNOWNED, Finding.Kind.DISPUTED)
HANDED = (Kind.ASSIGNED, Kind.REASSIGNED, Kind.RULED, Kind.AGREED)


@dataclass(frozen=True)
class Entry:
    """One line of the story.

    `note` says what follows, `parties` are those a finding names, `finding` says which mark belongs to them.
    """

    event: CaseEvent
    sentence: SafeString
    icon: str
    note: SafeString | str
    quotation: str
    basis: str
    finding: str
    parties: tuple[str, ...]


def story(events: Sequence[CaseEvent], calendar: WorkCalendar, names: Names | None = None) -> list[Entry]:
    """Tell the events of one case, given oldest first, newest first."""
    names = names or Names.in_events(events)
    entries = []
    handed_at: datetime | None = None
    for event in events:
        took = work_words(calendar.work_time_between(handed_at, event.at), calendar) if handed_at else ""
        entries.append(tell(event, names, took=took))
        if _hands_it(event):
            handed_at = event.at
    return entries[::-1]


def tell(event: CaseEvent, names: Names, *, took: str = "") -> Entry:
    """Tell one event; `took` is how long the party had the case before it signed for it."""
    kind, details = Kind(event.kind), event.details
    told = Telling(event, names, took)
    finding = details.get("finding", "") if kind == Kind.FOUND else ""
    return Entry(
        event=event,
        sentence=SENTENCES[kind](told),
        icon=ICONS.get(kind, ""),
        note=NOTES[kind](told) if kind in NOTES else "",
        quotation=details.get("reason") or details.get("ground") or "",
        basis=details.get("legal_basis") or names.articles.get(details.get("timer", ""), ""),
        finding=finding if finding in MARKED else "",
        parties=tuple(
            names.parties.get(code, code) for key in ("parties", "disclaimed_by") for code in details.get(key, ())
        ),
    )


def tell_to(event: CaseEvent, names: Names, party: Party) -> SafeString:
    """The sentence of an event as somebody of this party reads it, who may be asked for an answer."""
    if asks(event, party.code):
        return question(Telling(event, names))
    return tell(event, names).sentence


def tell_notice(notice: Notification, names: Names, party: Party) -> SafeString:
    """The sentence of a notice for somebody of this party: of its event, or that a webhook was switched off."""
    if notice.webhook is None:
        return tell_to(notice.event, names, party)
    sentence = _("Your webhook <b>{url}</b> was switched off: this and what came before it did not get through.")
    return format_html(sentence, url=notice.webhook.url)


def _hands_it(event: CaseEvent) -> bool:
    """Say whether a party has yet to sign for the case after this."""
    if event.kind == Kind.DISPUTE_OPENED:
        return "lead" in event.details
    handed_over = event.kind == Kind.ESCALATED and event.details["action"] == EscalationRule.Action.HAND_OVER
    return handed_over or event.kind in HANDED
