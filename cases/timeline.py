"""The history of a case in plain sentences: event kind → sentence, symbol, quotation, basis."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.models import Case, CaseEvent, EscalationRule, Finding
from cases.wording import moment_words, work_words
from cases.worktime import WorkCalendar
from stakeholders.models import Estate, NeedItem, Party

Kind = CaseEvent.Kind


@dataclass(frozen=True)
class Names:
    """What the codes in the details of events stand for, looked up once for all events of a page."""

    parties: dict[str, str] = field(default_factory=dict)
    estates: dict[str, str] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)

    @classmethod
    def in_events(cls, events: Iterable[CaseEvent]) -> "Names":
        """Look up the names for these events: a query for each kind of code that occurs."""
        details = [event.details for event in events]
        parties = {
            each[key] for each in details for key in ("lead", "previous", "party", "returned_by") if each.get(key)
        }
        parties |= {code for each in details for code in each.get("parties", ())}
        estates = {each["estate"] for each in details if "estate" in each}
        items = {each["need_item"] for each in details if "need_item" in each}
        return cls(_named(Party, parties), _named(Estate, estates), _named(NeedItem, items))


@dataclass(frozen=True)
class Entry:
    """One line of the story; `parties` are those a finding names, `finding` says which mark belongs to them."""

    event: CaseEvent
    sentence: SafeString
    icon: str
    quotation: str
    basis: str
    finding: str
    parties: tuple[str, ...]


@dataclass(frozen=True)
class Telling:
    """An event and what its sentence needs beside it."""

    event: CaseEvent
    names: Names
    took: str = ""  # how long the party had it before it signed, in words

    @property
    def actor(self) -> SafeString:
        """The person who did it, or the system."""
        return bold(self.event.by.user) if self.event.by else format_html("{}", _("The system"))

    @property
    def acting_party(self) -> SafeString:
        """The party on whose behalf it was done, or the system."""
        return bold(self.event.by.party) if self.event.by else format_html("{}", _("The system"))

    def party(self, key: str) -> SafeString:
        """The name of the party whose code stands in the details."""
        return self.party_with(self.event.details[key])

    def party_with(self, code: str) -> SafeString:
        """The name of a party; a code that is gone still tells something."""
        return bold(self.names.parties.get(code, code))

    def has(self, key: str) -> bool:
        """Whether the details say something under this key."""
        return bool(self.event.details.get(key))


def bold(name: object) -> SafeString:
    """A party or a person, as it stands in a sentence."""
    return format_html("<b>{}</b>", str(name))


def story(events: Sequence[CaseEvent], calendar: WorkCalendar, names: Names | None = None) -> list[Entry]:
    """Tell the events of one case, given oldest first, newest first."""
    names = names or Names.in_events(events)
    entries = []
    handed_at: datetime | None = None
    for event in events:
        took = work_words(calendar.work_time_between(handed_at, event.at), calendar) if handed_at else ""
        entries.append(tell(event, names, took=took))
        if event.kind in (Kind.ASSIGNED, Kind.REASSIGNED, Kind.RULED):
            handed_at = event.at
    return entries[::-1]


def tell(event: CaseEvent, names: Names, *, took: str = "") -> Entry:
    """Tell one event; `took` is how long the party had the case before it signed for it."""
    details = event.details
    return Entry(
        event=event,
        sentence=_SENTENCES[Kind(event.kind)](Telling(event, names, took)),
        icon=_ICONS.get(Kind(event.kind), ""),
        quotation=details.get("reason") or details.get("ground") or "",
        basis=details.get("legal_basis") or "",
        finding=details.get("finding", "") if event.kind == Kind.FOUND else "",
        parties=tuple(names.parties.get(code, code) for code in details.get("parties", ())),
    )


def _named(model: type[Party] | type[Estate] | type[NeedItem], codes: set[str]) -> dict[str, str]:
    return {each.code: str(each) for each in model._default_manager.filter(code__in=codes)} if codes else {}


# The sentences


def _reported(told: Telling) -> SafeString:
    by = told.event.by
    if by is None:
        channel = dict(Case.Channel.choices).get(told.event.details.get("channel", ""), "")
        return format_html(_("Reported: {channel}."), channel=channel)
    return format_html(_("{role} {person} reported it."), role=capfirst(by.get_role_display()), person=bold(by.user))


def _imported(told: Telling) -> SafeString:
    details = told.event.details
    if "file" not in details:
        return format_html("{}", _("Taken over from a ledger."))
    return format_html(_("Taken over from {file}, row {row}."), file=details["file"], row=details["row"])


def _opened(told: Telling) -> SafeString:
    due_at = parse_datetime(told.event.details.get("due_at", ""))
    if due_at is None:
        return format_html("{}", _("Opened."))
    return format_html(_("Opened; to be resolved by {due}."), due=moment_words(due_at))


def _located(told: Telling) -> SafeString:
    details = told.event.details
    return format_html(
        _("{person} said where it is and what: {estate}, {item}."),
        person=told.actor,
        estate=told.names.estates.get(details["estate"], details["estate"]),
        item=told.names.items.get(details["need_item"], details["need_item"]),
    )


def _assigned(told: Telling) -> SafeString:
    if told.has("previous"):
        words = (
            _("It went from {previous} to {lead}, as an earlier ruling says.")
            if told.has("ruling")
            else _("It went from {previous} to {lead}, as the duty list says.")
        )
        return format_html(words, previous=told.party("previous"), lead=told.party("lead"))
    if told.has("ruling"):
        return format_html(_("It went to {lead}, as an earlier ruling says."), lead=told.party("lead"))
    return format_html(_("It went to {lead}, as the duty list says."), lead=told.party("lead"))


def _signed(told: Telling) -> SafeString:
    if not told.took:
        return format_html(_("{party} signed for it."), party=told.acting_party)
    return format_html(
        _("{party} signed for it after {took} of working time."), party=told.acting_party, took=told.took
    )


def _contacted(told: Telling) -> SafeString:
    return format_html(_("{person} contacted the reporter."), person=told.actor)


def _returned(told: Telling) -> SafeString:
    if told.event.by is None:
        return format_html(_("{party} returned it: not ours."), party=told.party("party"))
    return format_html(
        _("{party} ({person}) returned it: not ours."), party=told.party("party"), person=str(told.event.by.user)
    )


def _reassigned(told: Telling) -> SafeString:
    if told.has("previous"):
        return format_html(
            _("{person} reassigned it from {previous} to {lead}."),
            person=told.actor,
            previous=told.party("previous"),
            lead=told.party("lead"),
        )
    return format_html(_("{person} assigned it to {lead}."), person=told.actor, lead=told.party("lead"))


def _ruled(told: Telling) -> SafeString:
    until = parse_datetime(told.event.details.get("until") or "")
    if until is None:
        ruled = format_html(
            _("{person} ruled: {lead}, here and from now on."), person=told.actor, lead=told.party("lead")
        )
    else:
        ruled = format_html(
            _("{person} ruled: {lead}, here until {until}."),
            person=told.actor,
            lead=told.party("lead"),
            until=moment_words(until),
        )
    if not told.has("document_no"):
        return ruled
    return format_html(_("{ruled} {document}."), ruled=ruled, document=told.event.details["document_no"])


def _resolved(told: Telling) -> SafeString:
    return format_html(_("{party} reports it done."), party=told.acting_party)


def _reworked(told: Telling) -> SafeString:
    return format_html(_("{person} checked: not done. Back to handling; the clock runs on."), person=told.actor)


def _closed(told: Telling) -> SafeString:
    return format_html(_("{person} checked that it is done and closed it."), person=told.actor)


def _voided(told: Telling) -> SafeString:
    return format_html(_("{person} declared it void."), person=told.actor)


def _commented(told: Telling) -> SafeString:
    return format_html(_("{person} remarked:"), person=told.actor)


def _revealed(told: Telling) -> SafeString:
    return format_html(_("{person} looked up the reporter's name and phone:"), person=told.actor)


def _found(told: Telling) -> SafeString:
    if not told.has("previous"):
        return _fault(told)
    return format_html(_("{found} {previous} has it no longer."), found=_fault(told), previous=told.party("previous"))


def _fault(told: Telling) -> SafeString:
    match told.event.details["finding"]:
        case Finding.Kind.OVERDUE:
            return bold(_("Past the deadline."))
        case Finding.Kind.UNLOCATED:
            return format_html("{}", _("It waits to be located: before, the duty list cannot be asked."))
        case Finding.Kind.MULTI_HEAD:
            count = len(told.event.details.get("parties", ()))
            parties = bold(ngettext("%(count)d party", "%(count)d parties", count) % {"count": count})
            return format_html(_("The duty list names {parties} for this matter here."), parties=parties)
        case Finding.Kind.BACKSTOP:
            behind = [(told.party_with(code),) for code in told.event.details.get("parties", ())]
            parties = format_html_join(pgettext("between names", ", "), "{}", behind)
            return format_html(_("Nobody leads for this here; {parties} stands behind."), parties=parties)
    if told.has("returned_by"):
        return format_html(
            _("Since {party} returned it, {nobody} has it; the coordinator has been told."),
            party=told.party("returned_by"),
            nobody=bold(_("nobody")),
        )
    return format_html(
        _("The duty list was asked: {nobody} answers for this here; the coordinator has been told."),
        nobody=bold(_("nobody")),
    )


def _cleared(told: Telling) -> SafeString:
    return format_html(_("Settled: {finding}."), finding=_finding(told.event.details["finding"]))


def _escalated(told: Telling) -> SafeString:
    fault = _finding(told.event.details["trigger"])
    match told.event.details["action"]:
        case EscalationRule.Action.REMIND:
            return format_html(_("The lead was reminded: {fault}."), fault=fault)
        case EscalationRule.Action.RAISE if told.has("party"):
            return format_html(_("Raised to {party}: {fault}."), party=told.party("party"), fault=fault)
        case EscalationRule.Action.RAISE:
            return format_html(_("To be raised, but there is no party above: {fault}."), fault=fault)
    return format_html(_("The coordinator was told: {fault}."), fault=fault)


def _finding(kind: str) -> str:
    return str(Finding.Kind(kind).label)


_SENTENCES: dict[CaseEvent.Kind, Callable[[Telling], SafeString]] = {
    Kind.REPORTED: _reported,
    Kind.IMPORTED: _imported,
    Kind.OPENED: _opened,
    Kind.LOCATED: _located,
    Kind.ASSIGNED: _assigned,
    Kind.SIGNED: _signed,
    Kind.CONTACTED: _contacted,
    Kind.RETURNED: _returned,
    Kind.REASSIGNED: _reassigned,
    Kind.RULED: _ruled,
    Kind.RESOLVED: _resolved,
    Kind.REWORKED: _reworked,
    Kind.CLOSED: _closed,
    Kind.VOIDED: _voided,
    Kind.COMMENTED: _commented,
    Kind.REVEALED: _revealed,
    Kind.FOUND: _found,
    Kind.CLEARED: _cleared,
    Kind.ESCALATED: _escalated,
}

# Symbols only for what one scans for
_ICONS: dict[CaseEvent.Kind, str] = {
    Kind.REPORTED: "flag",
    Kind.OPENED: "matrix",
    Kind.LOCATED: "pin",
    Kind.ASSIGNED: "swap",
    Kind.SIGNED: "check",
    Kind.CONTACTED: "phone",
    Kind.RETURNED: "back",
    Kind.REASSIGNED: "swap",
    Kind.RULED: "seal",
    Kind.RESOLVED: "check",
    Kind.REWORKED: "back",
    Kind.CLOSED: "check",
    Kind.FOUND: "alert",
    Kind.ESCALATED: "bell",
}
