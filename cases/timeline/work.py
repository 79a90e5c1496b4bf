"""The work on a case, the check of it, and what people add."""

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.models import Attachment, Case
from cases.timeline.telling import Telling, bold, plain
from stakeholders.models.need import Urgency


def signed(told: Telling) -> SafeString:
    """Who signed for it, and how long that took."""
    if not told.took:
        return format_html(_("{party} signed for it."), party=told.acting_party)
    return format_html(
        _("{party} signed for it after {took} of working time."), party=told.acting_party, took=told.took
    )


def contacted(told: Telling) -> SafeString:
    """Who spoke with the reporter."""
    return format_html(_("{person} contacted the reporter."), person=told.actor)


def resolved(told: Telling) -> SafeString:
    """Who says that it is done."""
    return format_html(_("{party} reports it done."), party=told.acting_party)


def verified(told: Telling) -> SafeString:
    """Who checked, and found it done."""
    return format_html(_("{person} checked: it is done."), person=told.actor)


def reworked(told: Telling) -> SafeString:
    """Who checked, and found it not done."""
    return format_html(_("{person} checked: not done. Back to handling; the clock runs on."), person=told.actor)


def closed(told: Telling) -> SafeString:
    """Who closed it."""
    return format_html(_("{person} closed it."), person=told.actor)


def voided(told: Telling) -> SafeString:
    """Who declared it void."""
    return format_html(_("{person} declared it void."), person=told.actor)


def rated(told: Telling) -> SafeString:
    """What the reporter answered."""
    answers = [_ANSWERS[key](told.event.details[key]) for key in _ANSWERS if told.event.details.get(key) is not None]
    return format_html(
        _("{person} noted what the reporter answers: {answers}."),
        person=told.actor,
        answers=bold(pgettext("between names", ", ").join(answers)),
    )


_ANSWERS: dict[str, Callable[[bool], str]] = {
    "contacted": lambda yes: _("contacted") if yes else _("not contacted"),
    "solved": lambda yes: _("solved") if yes else _("not solved"),
    "satisfied": lambda yes: _("satisfied") if yes else _("not satisfied"),
}


def reopened(told: Telling) -> SafeString:
    """Who reopened it, or what did, and until when it has to be resolved now."""
    due = told.moment("due_at")
    if told.has("rated"):
        words = (
            _("The reporter answered “not solved”: reopened; to be resolved by {due}.")
            if due
            else _("The reporter answered “not solved”: reopened.")
        )
        return format_html(words, due=due)
    words = _("{person} reopened it; to be resolved by {due}.") if due else _("{person} reopened it.")
    return format_html(words, person=told.actor, due=due)


def linked(told: Telling) -> SafeString:
    """Which case it is a duplicate of."""
    return format_html(
        _("{person} joined it to {main_case}, which is about the same matter."),
        person=told.actor,
        main_case=bold(told.event.details["main_case"]),
    )


def duplicate(told: Telling) -> SafeString:
    """Which case is a duplicate of it."""
    if told.has("taken_out"):
        return format_html(
            _("{person} took {duplicate} out again: it is a case of its own."),
            person=told.actor,
            duplicate=bold(told.event.details["duplicate"]),
        )
    return format_html(
        _("{person} joined {duplicate} to it: the same matter, reported again."),
        person=told.actor,
        duplicate=bold(told.event.details["duplicate"]),
    )


def attached(told: Telling) -> SafeString:
    """What was attached."""
    match told.event.details["kind"]:
        case Attachment.Kind.BEFORE if told.event.by is None:  # of somebody without an account
            return plain(_("A photo came with the report."))
        case Attachment.Kind.BEFORE:
            words = _("{person} attached a photo from before the work.")
        case Attachment.Kind.AFTER:
            words = _("{person} attached a photo from after the work.")
        case _document:
            words = _("{person} attached a document.")
    return format_html(words, person=told.actor)


def corrected(told: Telling) -> SafeString:
    """What of the report was put right; the words themselves are on the case, and how urgent it was stays readable."""
    fields = pgettext("between names", ", ").join(_field(told, name) for name in told.event.details.get("fields", ()))
    due = told.moment("due_at")
    words = _("{person} corrected {fields}; to be resolved by {due}.") if due else _("{person} corrected {fields}.")
    return format_html(words, person=told.actor, fields=bold(fields), due=due)


def _field(told: Telling, name: str) -> str:
    if name == "urgency":
        before, after = (Urgency(told.event.details[when][name]).label for when in ("before", "after"))
        return _("urgency from %(before)s to %(after)s") % {"before": before, "after": after}
    return str(_("reporter") if name == "reporter" else Case._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def commented(told: Telling) -> SafeString:
    """Who remarked something."""
    return format_html(_("{person} remarked:"), person=told.actor)


def revealed(told: Telling) -> SafeString:
    """Who looked up the reporter."""
    if told.event.by is None:
        return plain(_("The reporter's name and phone were looked up:"))
    return format_html(_("{person} looked up the reporter's name and phone:"), person=told.actor)
