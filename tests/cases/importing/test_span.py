"""Spans of time as they are typed."""

import pytest
from django.core.exceptions import ValidationError

from cases.importing.span import Span
from cases.worktime import Unit


@pytest.mark.parametrize(
    ("given", "span"),
    [("5 working_day", Span(5, Unit.WORKING_DAY)), (" 15  calendar_day ", Span(15, Unit.CALENDAR_DAY))],
)
def test_parse_reads_amount_and_unit(given: str, span: Span) -> None:
    assert Span.parse(given) == span
    assert Span.parse(str(span)) == span


@pytest.mark.parametrize("given", ["", "5", "5 days", "five working_day", "0 hour", "-1 hour", "3651 hour", "1.5 hour"])
def test_parse_names_the_units_when_it_cannot_read(given: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Span.parse(given)

    assert "working_day" in refused.value.messages[0]
