"""Times and persons in words, for the templates of cases."""

from datetime import date, datetime

from django import template

from cases import wording
from cases.signs import Sign, sign_of
from stakeholders import masking

register = template.Library()


@register.filter
def day_and_weekday(day: date) -> str:
    """Fri 20 Nov."""
    return wording.weekday_words(day)


@register.filter
def moment(at: datetime | None) -> str:
    """20 Nov 17:30; nothing for none."""
    return wording.moment_words(at) if at else ""


@register.filter
def clock(at: datetime) -> str:
    """17:30."""
    return wording.clock_words(at)


@register.filter
def masked_name(name: str) -> str:
    """The surname alone: 刘**."""
    return masking.masked_name(name)


@register.filter
def masked_phone(phone: str) -> str:
    """The number without its middle: 138****2607."""
    return masking.masked_phone(phone)


@register.filter
def sign(state: str) -> Sign:
    """How a state is drawn and called."""
    return sign_of(state)
