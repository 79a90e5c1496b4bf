"""Ledgers that clients send: how much of a file is read, and the refused rows as a file of the same kind."""

import gzip
from io import BytesIO
from shutil import copyfileobj
from tempfile import TemporaryFile

from cases.importing.report import ImportReport
from spreadsheets.limits import Limits

LIMITS = Limits(unpacked=1 << 28, rows=200_000)  # of a file from outside, which may swell


def refused_file(report: ImportReport) -> bytes:
    """The refused rows the way the file is written, with a last column that says what is wrong.

    It is compressed, because the same reasons repeat row after row.
    """
    packed = BytesIO()
    with TemporaryFile() as written, gzip.open(packed, "wb") as target:
        report.write_errors(written)
        written.seek(0)
        copyfileobj(written, target)
    return packed.getvalue()
