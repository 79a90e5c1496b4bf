"""Whose a case is: what parties say, disputes, and what people decide."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.timeline.telling import Telling, bold, plain


def returned(told: Telling) -> SafeString:
    """Who gave it back."""
    if told.event.by is None:
        return format_html(_("{party} returned it: not ours."), party=told.party("party"))
    return format_html(
        _("{party} ({person}) returned it: not ours."), party=told.party("party"), person=str(told.event.by.user)
    )


def claimed(told: Telling) -> SafeString:
    """Who says “ours”."""
    if told.event.by is None:
        return format_html(_("{party} says: ours."), party=told.party("party"))
    return format_html(_("{party} ({person}) says: ours."), party=told.party("party"), person=str(told.event.by.user))


def disclaimed(told: Telling) -> SafeString:
    """Who says “not ours”."""
    if told.event.by is None:
        return format_html(_("{party} says: not ours."), party=told.party("party"))
    return format_html(
        _("{party} ({person}) says: not ours."), party=told.party("party"), person=str(told.event.by.user)
    )


def agreed(told: Telling) -> SafeString:
    """To whom it goes because nobody says otherwise."""
    if told.has("previous"):
        return format_html(
            _("The parties agree: it goes from {previous} to {lead}."),
            previous=told.party("previous"),
            lead=told.party("lead"),
        )
    return format_html(_("The parties agree: it is for {lead}."), lead=told.party("lead"))


def dispute_opened(told: Telling) -> SafeString:
    """Who is to settle the dispute, and by when."""
    dispute = bold(pgettext("subject", "Dispute"))
    if not told.has("level"):
        return format_html(_("{dispute} opened on the second return."), dispute=dispute)
    return format_html(
        _("{dispute} opened on the second return: {level} has to settle it by {due}."),
        dispute=dispute,
        level=told.level("level"),
        due=told.moment("due_at"),
    )


def while_disputed(told: Telling) -> SafeString:
    """Who goes on with the case meanwhile."""
    if not told.has("lead"):
        return plain(_("The deadline of the case runs on."))
    return format_html(
        _("Work does not stop: {lead}, the first receiver, has it meanwhile, and the deadline runs on."),
        lead=told.party("lead"),
    )


def dispute_raised(told: Telling) -> SafeString:
    """Which level has not settled the dispute, and which one has to now."""
    if not told.has("level"):
        return format_html(
            _("{before} has not settled the dispute in time, and there is no level above."), before=told.level("from")
        )
    if not told.has("from"):
        return format_html(
            _("The dispute goes to {level}, which has to settle it by {due}."),
            level=told.level("level"),
            due=told.moment("due_at"),
        )
    return format_html(
        _("{before} has not settled the dispute in time: now {level} has to, by {due}."),
        before=told.level("from"),
        level=told.level("level"),
        due=told.moment("due_at"),
    )


def reassigned(told: Telling) -> SafeString:
    """Who handed it on, from whom to whom, and who is to support."""
    if told.has("previous"):
        words = (
            _("{person} reassigned it from {previous} to {lead}; {supports} to support.")
            if told.has("supports")
            else _("{person} reassigned it from {previous} to {lead}.")
        )
        parties = {"previous": told.party("previous"), "lead": told.party("lead")}
    else:
        words = (
            _("{person} assigned it to {lead}; {supports} to support.")
            if told.has("supports")
            else _("{person} assigned it to {lead}.")
        )
        parties = {"lead": told.party("lead")}
    return format_html(words, person=told.actor, supports=told.parties("supports"), **parties)


def ruled(told: Telling) -> SafeString:
    """Who decided for whom, how far and until when, and in which document."""
    until = told.moment("until")
    if not told.has("ruling"):
        words = _("{person} ruled: {lead}, for this case.")
    elif until:
        words = _("{person} ruled: {lead}, here until {until}.")
    else:
        words = _("{person} ruled: {lead}, here and from now on.")
    sentence = format_html(words, person=told.actor, lead=told.party("lead"), until=until)
    if not told.has("document_no"):
        return sentence
    return format_html(_("{ruled} {document}."), ruled=sentence, document=told.event.details["document_no"])


def put_in_charge(told: Telling) -> SafeString:
    """Who handles it inside its party, in whose place."""
    person, previous = told.event.details["person"], told.event.details.get("previous_person")
    if previous:
        return format_html(
            _("{by} put {person} in charge, in place of {previous}."),
            by=told.actor,
            person=bold(person),
            previous=bold(previous),
        )
    if told.event.by is not None and told.event.by.user.name == person:
        return format_html(_("{person} took charge of it."), person=bold(person))
    return format_html(_("{by} put {person} in charge."), by=told.actor, person=bold(person))


def left(told: Telling) -> SafeString:
    """Whose hands it was in, and who has left."""
    return format_html(_("{person}, who was in charge, has left."), person=bold(told.event.details["person"]))
