"""Check a ledger that was sent, or import it once that was asked for."""

from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.importing.from_outside import LIMITS
from cases.importing.report import ImportReport
from cases.importing.span import Span
from cases.models import CaseImport
from cases.models.case_import import LEASE
from cases.services.import_cases import import_cases
from stakeholders.models import Membership

State = CaseImport.State


@dataclass(frozen=True)
class Figures:
    """What a dry run would do, or an import did."""

    rows: int
    added: int
    known: int
    refused: int
    closed: int
    late: int
    open: int
    overdue: int


def work_off_import(import_id: int, *, at: datetime | None = None) -> int:
    """Do what is to be done about an import; return how many rows were dealt with.

    May be called again however a call before ended: what a chunk has added is counted in the transaction of the
    chunk, and rows that are here already are not added again. A worker that died holds the lease for a while. An import
    that cannot go on, for its sender has left, is refused, and says how much it had added by then.
    """
    if not _claim(import_id, at or timezone.now()):
        return 0
    kept = CaseImport.objects.select_related("area").get(pk=import_id)
    dry_run = kept.state == State.CHECKING
    with translation.override(kept.language):
        try:
            report = _run(kept, dry_run=dry_run)
        except ValidationError as error:
            _note(kept, state=State.REFUSED, reason="\n".join(error.messages), finished_at=_now())
            return 0
        if dry_run:
            figures = asdict(_figures(report, report.added))
            _note(kept, state=State.CHECKED, check_figures=figures, checked_at=_now(), **_found(report))
        else:
            kept.refresh_from_db(fields=["added"])
            figures = asdict(_figures(report, kept.added))
            _note(kept, state=State.DONE, import_figures=figures, finished_at=_now(), **_found(report))
    return report.rows


def _claim(import_id: int, now: datetime) -> bool:
    free = CaseImport.objects.filter(pk=import_id).unclaimed(now)
    if free.filter(state=State.WAITING).update(state=State.CHECKING, lease_until=now + LEASE):
        return True
    return bool(free.update(lease_until=now + LEASE))


def _run(kept: CaseImport, *, dry_run: bool) -> ImportReport:
    if not Membership.objects.current().filter(pk=kept.by_id).exists():
        raise ValidationError(_("Who sent this does not act in this capacity any more."), code="membership_ended")
    same = CaseImport.objects.to_do().filter(pk=kept.pk)

    def show(done: int, total: int) -> None:
        same.update(done=done, total=total, lease_until=_now() + LEASE)

    def count(added: int) -> None:
        CaseImport.objects.filter(pk=kept.pk).update(added=F("added") + added)

    return import_cases(
        BytesIO(bytes(kept.content)),
        name=kept.name,
        mapping=kept.mapping,
        area=kept.area.code,
        due=Span.parse(kept.due) if kept.due else None,
        dry_run=dry_run,
        progress=show,
        added=count,
        limits=LIMITS,
    )


def _figures(report: ImportReport, added: int) -> Figures:
    """Rows that an interrupted run of the same import has added are added, not known."""
    return Figures(
        rows=report.rows,
        added=added,
        known=report.added + report.known - added,
        refused=len(report.refusals),
        closed=report.closed,
        late=report.late,
        open=report.open,
        overdue=report.overdue,
    )


def _found(report: ImportReport) -> dict[str, object]:
    return {
        "mapping": report.header.mapping.name,
        "refusals": [{"row": each.number, "problems": list(each.problems)} for each in report.refusals],
        "unread": report.unread,
    }


def _note(kept: CaseImport, **values: object) -> None:
    CaseImport.objects.filter(pk=kept.pk, state=kept.state).update(lease_until=None, **values)


def _now() -> datetime:
    return timezone.now()
