"""Ledgers that clients send: how much of a file is read, and the refused rows as a file of the same kind."""

from io import BytesIO

from django.utils import translation

from cases.importing.mappings import find_header
from cases.models import CaseImport
from spreadsheets.limits import Limits
from spreadsheets.open_table import open_table
from spreadsheets.refusals import Refusal, write_refused

LIMITS = Limits(unpacked=1 << 28, rows=200_000)  # of a file from outside, which may swell


def refused_rows(kept: CaseImport) -> BytesIO:
    """The refused rows the way the file is written, with a last column that says what is wrong."""
    table = open_table(BytesIO(bytes(kept.content)), kept.name, limits=LIMITS)
    problems = {each["row"]: each["problems"] for each in kept.refusals or ()}
    rows = [Refusal(number, cells, problems[number]) for number, cells in table.rows() if number in problems]
    target = BytesIO()
    with translation.override(kept.language):
        write_refused(target, table, find_header(table, kept.mapping), rows)
    target.seek(0)
    return target
