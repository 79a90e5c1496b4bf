"""How a case came, and to whom it went by itself."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cases.models import Case
from cases.timeline.telling import Telling, bold, plain


def reported(told: Telling) -> SafeString:
    """Who reported it, or through which channel it came."""
    by = told.event.by
    if by is None:
        channel = dict(Case.Channel.choices).get(told.event.details.get("channel", ""), "")
        return format_html(_("Reported: {channel}."), channel=channel)
    return format_html(_("{role} {person} reported it."), role=capfirst(by.get_role_display()), person=bold(by.user))


def imported(told: Telling) -> SafeString:
    """From which file it was taken over."""
    details = told.event.details
    if "file" not in details:
        return plain(_("Taken over from a ledger."))
    return format_html(_("Taken over from {file}, row {row}."), file=details["file"], row=details["row"])


def opened(told: Telling) -> SafeString:
    """Until when it has to be resolved."""
    if not told.has("due_at"):
        return plain(_("Opened."))
    return format_html(_("Opened; to be resolved by {due}."), due=told.moment("due_at"))


def located(told: Telling) -> SafeString:
    """Where it is, and what."""
    details = told.event.details
    return format_html(
        _("{person} said where it is and what: {estate}, {item}."),
        person=told.actor,
        estate=told.names.estates.get(details["estate"], details["estate"]),
        item=told.names.items.get(details["need_item"], details["need_item"]),
    )


def assigned(told: Telling) -> SafeString:
    """To whom it went, and what decided so."""
    if told.has("again"):
        return format_html(_("It went to {lead} again, which had it last."), lead=told.party("lead"))
    if told.has("meanwhile"):
        return format_html(_("While the dispute lasts, {lead} goes on with it."), lead=told.party("lead"))
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
