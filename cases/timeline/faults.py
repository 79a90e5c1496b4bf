"""What is wrong with a case, what no longer is, and what the ladder did about it."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.faults import STALLED_AFTER
from cases.models import CaseEvent, EscalationRule, Finding
from cases.timeline.telling import Telling, bold, plain

Kind = Finding.Kind
Action = EscalationRule.Action


def found(told: Telling) -> SafeString:
    """What is wrong; and who had the case until then, where that is so no more."""
    fault = _FOUND[Kind(told.event.details["finding"])](told)
    if not told.has("previous"):
        return fault
    return format_html(_("{found} {previous} has it no longer."), found=fault, previous=told.party("previous"))


def asks(event: CaseEvent, party: str) -> bool:
    """Say whether the party with this code is asked by an event whether the case is theirs."""
    details = event.details
    is_shared = event.kind == CaseEvent.Kind.FOUND and details["finding"] == Kind.MULTI_HEAD
    return is_shared and not details.get("claimed") and party in details["parties"]


def question(told: Telling) -> SafeString:
    """What a party reads that is asked whether a case is theirs: it is to answer, not to ignore it."""
    return format_html(
        _("Is it yours? The duty list names {parties} for this matter here: say “ours” or “not ours”."),
        parties=told.parties("parties"),
    )


def cleared(told: Telling) -> SafeString:
    """What is no longer wrong."""
    return plain(_CLEARED[Kind(told.event.details["finding"])]())


def escalated(told: Telling) -> SafeString:
    """What the ladder did, and for which fault."""
    fault = str(Kind(told.event.details["trigger"]).label)
    match told.event.details["action"]:
        case Action.REMIND:
            words = _("The lead was reminded: {fault}.")
        case Action.RAISE if told.has("party"):
            words = _("Raised to {party}: {fault}.")
        case Action.RAISE:
            words = _("To be raised, but there is no party above: {fault}.")
        case Action.HAND_OVER if told.has("previous"):
            words = _("Handed over from {previous} to {party}, which is above: {fault}.")
        case Action.HAND_OVER:
            words = _("Handed over to {party}, which is above: {fault}.")
        case Action.LIST if told.has("party"):
            words = _("Listed for supervision by {party}: {fault}.")
        case Action.LIST:
            words = _("Listed for supervision: {fault}.")
        case _tell_coordinator:
            words = _("The coordinator was told: {fault}.")
    named = {key: told.party(key) for key in ("party", "previous") if told.has(key)}
    return format_html(words, fault=fault, **named)


def _overdue(told: Telling) -> SafeString:
    return bold(_("Past the deadline."))


def _vacuum(told: Telling) -> SafeString:
    nobody = bold(_("nobody"))
    if told.has("returned_by"):
        return format_html(
            _("Since {party} returned it, {nobody} has it; the coordinator has been told."),
            party=told.party("returned_by"),
            nobody=nobody,
        )
    if told.has("disclaimed_by"):
        return format_html(
            _("All who were asked say that it is not theirs: {nobody} answers for it; the coordinator has been told."),
            nobody=nobody,
        )
    return format_html(
        _("The duty list was asked: {nobody} answers for this here; the coordinator has been told."), nobody=nobody
    )


def _multi_head(told: Telling) -> SafeString:
    count = len(told.event.details.get("parties", ()))
    parties = bold(ngettext("%(count)d party", "%(count)d parties", count) % {"count": count})
    if told.has("claimed"):
        return format_html(_("{parties} say that it is theirs."), parties=parties)
    return format_html(_("The duty list names {parties} for this matter here."), parties=parties)


def _backstop(told: Telling) -> SafeString:
    return format_html(_("Nobody leads for this here; {parties} stands behind."), parties=told.parties("parties"))


def _ping_pong(told: Telling) -> SafeString:
    details = told.event.details
    return format_html(
        _("It is {passed}: returned {returns}×, handed on {handoffs}×."),
        passed=bold(Kind.PING_PONG.label),
        returns=details.get("returns", 0),
        handoffs=details.get("handoffs", 0),
    )


def _unsigned(told: Telling) -> SafeString:
    if not told.has("party"):
        return bold(_("Not signed for in time."))
    return format_html(_("{party} has not signed for it in time."), party=told.party("party"))


def _stalled(told: Telling) -> SafeString:
    days = STALLED_AFTER.days
    if not told.has("party"):
        return format_html(_("Nobody has worked on it for {days} days."), days=days)
    return format_html(_("{party} has not worked on it for {days} days."), party=told.party("party"), days=days)


def _unattended(told: Telling) -> SafeString:
    if not told.has("party"):
        return plain(_("Nobody is in charge of it any more."))
    return format_html(_("Nobody at {party} is in charge of it any more."), party=told.party("party"))


_FOUND: dict[Finding.Kind, Callable[[Telling], SafeString]] = {
    Kind.OVERDUE: _overdue,
    Kind.VACUUM: _vacuum,
    Kind.MULTI_HEAD: _multi_head,
    Kind.BACKSTOP: _backstop,
    Kind.UNLOCATED: lambda told: plain(_("It waits to be located: before, the duty list cannot be asked.")),
    Kind.DISPUTED: lambda told: plain(_("The parties dispute whose it is.")),
    Kind.PING_PONG: _ping_pong,
    Kind.UNSIGNED: _unsigned,
    Kind.UNCONTACTED: lambda told: plain(_("The reporter has not been contacted in time.")),
    Kind.DUE_SOON: lambda told: plain(_("The deadline is near.")),
    Kind.STALLED: _stalled,
    Kind.UNATTENDED: _unattended,
    Kind.STATUTORY: lambda told: bold(_("A statutory time limit has passed.")),
}

_CLEARED: dict[Finding.Kind, Callable[[], str]] = {
    Kind.OVERDUE: lambda: _("No longer overdue."),
    Kind.VACUUM: lambda: _("No longer a vacuum."),
    Kind.MULTI_HEAD: lambda: _("No longer multi-head."),
    Kind.BACKSTOP: lambda: _("No longer with a backstop alone."),
    Kind.UNLOCATED: lambda: _("No longer waits to be located."),
    Kind.DISPUTED: lambda: _("No longer disputed."),
    Kind.PING_PONG: lambda: _("No longer passed back and forth."),
    Kind.UNSIGNED: lambda: _("No longer waits to be signed for."),
    Kind.UNCONTACTED: lambda: _("No longer waits for a first contact."),
    Kind.DUE_SOON: lambda: _("No longer due soon."),
    Kind.STALLED: lambda: _("No longer stalled."),
    Kind.UNATTENDED: lambda: _("No longer without a person in charge."),
    Kind.STATUTORY: lambda: _("No statutory time limit is past any more."),
}
