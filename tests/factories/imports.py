"""Ledgers of cases as clients send them."""

from typing import Any

from django.core.files.base import ContentFile

from cases.models import CaseImport
from cases.services.send_import import send_import
from cases.services.start_import import start_import
from cases.services.work_off_import import work_off_import
from stakeholders.models import Membership
from tests.spreadsheets.files import Rows, csv_file

HEADER = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复时间"]


def message(number: int | str, answered: str = "2019/3/5 08:12:00") -> list[str]:
    """A row of a ledger of messages."""
    return [str(number), "居民甲", "灯", "2019/3/4 08:12:00", "楼道全黑", answered]


def sent_import(by: Membership, rows: Rows, name: str = "messages.csv", **given: Any) -> CaseImport:
    """A ledger that was just sent."""
    return send_import(ContentFile(csv_file([HEADER, *rows]).read(), name=name), by=by, **given)


def checked_import(by: Membership, rows: Rows) -> CaseImport:
    """A ledger that was sent and checked."""
    sent = sent_import(by, rows)
    work_off_import(sent.pk)
    sent.refresh_from_db()
    return sent


def started_import(by: Membership, rows: Rows) -> CaseImport:
    """A ledger that is to be imported."""
    return start_import(checked_import(by, rows), by=by)
