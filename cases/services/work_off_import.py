"""Check a ledger that was sent, or import it once that was asked for."""

from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cases.importing.from_outside import LIMITS, refused_file
from cases.importing.report import ImportReport
from cases.importing.span import Span
from cases.models import CaseImport, RefusedRow
from cases.models.case_import import LEASE
from cases.services.import_cases import import_cases
from stakeholders.models import Membership

State = CaseImport.State
AT_ONCE = 1_000  # refused rows that are written in one statement


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
    that cannot go on is refused, and says how much it had added by then: its sender has left, or it has ended three
    times without a result and without a new case.
    """
    if not _claim(import_id, at or timezone.now()):
        return 0
    kept = CaseImport.objects.select_related("area").defer("refused_file").get(pk=import_id)
    dry_run = kept.state == State.CHECKING
    with translation.override(kept.language):
        try:
            report = _run(kept, dry_run=dry_run)
        except ValidationError as error:
            _note(kept, state=State.REFUSED, reason="\n".join(error.messages), finished_at=_now())
            return 0
        if dry_run:
            figures = asdict(_figures(report, report.added))
            _note_found(kept, report, state=State.CHECKED, check_figures=figures, checked_at=_now())
        else:
            kept.refresh_from_db(fields=["added"])
            figures = asdict(_figures(report, kept.added))
            _note_found(kept, report, state=State.DONE, import_figures=figures, finished_at=_now())
    return report.rows


def _claim(import_id: int, now: datetime) -> bool:
    free = CaseImport.objects.filter(pk=import_id).unclaimed(now)
    held = {"lease_until": now + LEASE, "tries": F("tries") + 1}
    if free.filter(state=State.WAITING).update(state=State.CHECKING, **held):
        return True
    return bool(free.update(**held))


def _run(kept: CaseImport, *, dry_run: bool) -> ImportReport:
    if not Membership.objects.current().filter(pk=kept.by_id).exists():
        raise ValidationError(_("Who sent this does not act in this capacity any more."), code="membership_ended")
    if kept.tries > CaseImport.MOST_TRIES:
        raise ValidationError(
            _("Work on it has ended %(tries)d times without a result. Split the ledger and send its parts."),
            code="tries",
            params={"tries": CaseImport.MOST_TRIES},
        )
    same = CaseImport.objects.to_do().filter(pk=kept.pk)

    def show(done: int, total: int) -> None:
        same.update(done=done, total=total, lease_until=_now() + LEASE)

    def count(added: int) -> None:
        CaseImport.objects.filter(pk=kept.pk).update(added=F("added") + added, tries=0)

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


def _note_found(kept: CaseImport, report: ImportReport, **values: object) -> None:
    """Note the end of a run together with the rows that were left out."""
    refused = refused_file(report)
    with transaction.atomic():
        about = {"mapping": report.header.mapping.name, "unread": report.unread, "refused_file": refused}
        if not _note(kept, **about, **values):
            return
        kept.left_out.all().delete()
        rows = (RefusedRow(case_import=kept, row=each.number, problems=each.problems) for each in report.refusals)
        while some := list(islice(rows, AT_ONCE)):
            RefusedRow.objects.bulk_create(some)


def _note(kept: CaseImport, **values: object) -> bool:
    """Note an end, unless another worker was quicker."""
    same = CaseImport.objects.filter(pk=kept.pk, state=kept.state)
    return bool(same.update(lease_until=None, tries=0, **values))


def _now() -> datetime:
    return timezone.now()
