"""More time, holds, and what the law and the calendar do to deadlines."""

from collections.abc import Callable
from datetime import datetime

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.arithmetic import amount_words
from cases.models import Case, DeadlineRule
from cases.timeline.telling import Telling, bold, plain
from cases.wording import moment_words
from cases.worktime import Unit


def asked(told: Telling) -> SafeString:
    """What was asked for."""
    details = told.event.details
    if details["request"] == Case.Asked.HOLD:
        return format_html(
            _("{party} asks to put it on hold until {until}."), party=told.acting_party, until=told.moment("until")
        )
    if details.get("amount"):
        amount = amount_words(details["amount"], Unit(details["unit"]))
        return format_html(_("{party} asks for {amount} more."), party=told.acting_party, amount=amount)
    return format_html(
        _("{party} asks to move the deadline to {until}."), party=told.acting_party, until=told.moment("until")
    )


def extended(told: Telling) -> SafeString:
    """Who granted more time, and to when the deadline moves."""
    return format_html(
        _("{person} grants {party} more time: the deadline moves from {before} to {due}."),
        person=told.actor,
        party=told.party("party"),
        before=told.moment("before"),
        due=told.moment("due_at"),
    )


def held(told: Telling) -> SafeString:
    """Until when it is on hold, and on whose request."""
    by, until = told.event.by, told.moment("until")
    if by is not None and by.party.code == told.event.details["party"]:
        return format_html(
            _("{person} put it on hold until {until}; the clocks stand still."), person=told.actor, until=until
        )
    return format_html(
        _("{person} agrees with {party}: on hold until {until}; the clocks stand still."),
        person=told.actor,
        party=told.party("party"),
        until=until,
    )


def refused(told: Telling) -> SafeString:
    """What was refused to whom, or that the case went on without the answer."""
    if told.has("lapsed"):
        return format_html(
            _("What {party} asked for needs no decision any more: the case has gone on."), party=told.party("party")
        )
    words = (
        _("{person} refuses {party} the hold; the clocks run on.")
        if told.event.details["request"] == Case.Asked.HOLD
        else _("{person} refuses {party} more time; the deadline stays.")
    )
    return format_html(words, person=told.actor, party=told.party("party"))


def resumed(told: Telling) -> SafeString:
    """Who resumed it, or that the time on hold is over."""
    due = told.moment("due_at")
    if told.event.by is None:
        return plain(_("The time on hold is over; the clocks run on."))
    words = _("{person} resumed it; to be resolved by {due}.") if due else _("{person} resumed it.")
    return format_html(words, person=told.actor, due=due)


def deadline_moved(told: Telling) -> SafeString:
    """Which deadlines a change of the work calendar moved, and to when."""
    details = told.event.details
    moves = [
        (
            format_html(
                _MOVED[clock](), year=details["year"], before=_moment(details["before"][clock]), after=_moment(after)
            ),
        )
        for clock, after in details["after"].items()
    ]
    moves += [
        (
            format_html(
                _(
                    "The work calendar of {year} changed: the statutory time limit {timer} moved "
                    "from {before} to {after}."
                ),
                year=details["year"],
                timer=bold(told.names.timers.get(each["timer"], each["timer"])),
                before=_moment(each["before"]),
                after=_moment(each["after"]),
            ),
        )
        for each in details.get("timers", ())
    ]
    if not moves:
        return format_html(_("The work calendar of {year} changed."), year=details["year"])
    return format_html_join(pgettext("between sentences", " "), "{}", moves)


_MOVED: dict[str, Callable[[], str]] = {
    DeadlineRule.Clock.SIGN: lambda: _(
        "The work calendar of {year} changed: the time to sign for it moved from {before} to {after}."
    ),
    DeadlineRule.Clock.CONTACT: lambda: _(
        "The work calendar of {year} changed: the time to contact the reporter moved from {before} to {after}."
    ),
    DeadlineRule.Clock.RESOLVE: lambda: _(
        "The work calendar of {year} changed: the deadline moved from {before} to {after}."
    ),
}


def _moment(written: str) -> str:
    return moment_words(datetime.fromisoformat(written))


def timer_started(told: Telling) -> SafeString:
    """Which statutory time limit runs, and until when."""
    return format_html(
        _("{person} set a statutory time limit running: {timer}, until {due}."),
        person=told.actor,
        timer=told.timer(),
        due=told.moment("due_at"),
    )


def timer_extended(told: Telling) -> SafeString:
    """To when the end of a statutory time limit moved."""
    return format_html(
        _("{person} extended the statutory time limit {timer} from {before} to {due}."),
        person=told.actor,
        timer=told.timer(),
        before=told.moment("before"),
        due=told.moment("due_at"),
    )


def timer_stopped(told: Telling) -> SafeString:
    """Whether a statutory time limit was kept."""
    words = (
        _("{person} stopped the statutory time limit {timer}; it had passed on {due}.")
        if told.has("late")
        else _("{person} stopped the statutory time limit {timer}; it was kept.")
    )
    return format_html(words, person=told.actor, timer=told.timer(), due=told.moment("due_at"))
