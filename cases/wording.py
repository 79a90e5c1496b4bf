"""Times in words: dates, moments and spans as people say them, in the reader's language."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from cases.worktime import WorkCalendar

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)
TENTH = 0.1  # of a second: below, a job that had nothing to do
MANY_DAYS = 10  # from here on the hours say nothing any more


def day_words(day: date) -> str:
    """A day in a sentence: 20 Nov, and the year only when it is not this one."""
    if day.year == timezone.localdate().year:
        return date_format(day, pgettext("date format", "j M"))
    return date_format(day, pgettext("date format", "j M Y"))


def weekday_words(day: date) -> str:
    """A day and its weekday, where that decides something: Fri 20 Nov."""
    weekdays = [
        pgettext("weekday", "Mon"),
        pgettext("weekday", "Tue"),
        pgettext("weekday", "Wed"),
        pgettext("weekday", "Thu"),
        pgettext("weekday", "Fri"),
        pgettext("weekday", "Sat"),
        pgettext("weekday", "Sun"),
    ]
    return pgettext("date with weekday", "%(weekday)s %(day)s") % {
        "weekday": weekdays[day.weekday()],
        "day": day_words(day),
    }


def clock_words(moment: datetime) -> str:
    """The time of day: 17:30."""
    return f"{timezone.localtime(moment):%H:%M}"


def moment_words(moment: datetime) -> str:
    """A moment in a sentence: 20 Nov 17:30."""
    local = timezone.localtime(moment)
    return f"{day_words(local.date())} {local:%H:%M}"


def period_words(since: datetime, until: datetime | None) -> str:
    """A period: 17 Nov 11:10 – 18 Nov 16:20; the day is said once when both ends fall on it."""
    if until is None:
        return _("%(since)s – now") % {"since": moment_words(since)}
    same_day = timezone.localdate(since) == timezone.localdate(until)
    return f"{moment_words(since)} – {clock_words(until) if same_day else moment_words(until)}"


def span_words(span: timedelta) -> str:
    """An elapsed span in its two largest units: 3 days 2 h."""
    days, rest = divmod(span, _DAY)
    return _two_largest(ngettext("%(count)d day", "%(count)d days", days) % {"count": days}, days, rest)


def work_words(span: timedelta, calendar: WorkCalendar) -> str:
    """A span of working time in its two largest units: 2 working days 4 h."""
    days, rest = divmod(span, calendar.working_day_length)
    words = ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
    return _two_largest(words, days, rest)


def hour_words(span: timedelta) -> str:
    """A span of working time in hours and minutes, so that several can be compared and added up: 32 h 6 min."""
    return _two_largest("", 0, span)


def seconds_words(seconds: float) -> str:
    """How long a machine took: 0.3 s, 2 min 5 s, 1 h 20 min."""
    if seconds < TENTH:
        return _("less than 0.1 s")
    if seconds < _MINUTE.total_seconds():
        return _("%(seconds)s s") % {"seconds": f"{round(seconds, 1):g}"}
    if seconds >= _HOUR.total_seconds():
        return span_words(timedelta(seconds=seconds))
    minutes, rest = divmod(round(seconds), 60)
    words = _("%(count)d min") % {"count": minutes}
    return f"{words} {_('%(seconds)s s') % {'seconds': rest}}" if rest else words


def _two_largest(days_in_words: str, days: int, rest: timedelta) -> str:
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [days_in_words] if days else []
    if hours and days < MANY_DAYS:
        parts.append(_("%(count)d h") % {"count": hours})
    if minutes and not days:
        parts.append(_("%(count)d min") % {"count": minutes})
    return " ".join(parts) or _("less than 1 min")
