"""Ledgers that a client has sent to be imported: the files, how far each is, and what came of it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.models.json_text import JSONText
from stakeholders.models.area import Area
from stakeholders.models.people import Membership

LEASE = timedelta(minutes=5)  # far longer than a chunk takes; a worker not heard of for so long has died


class CaseImportQuerySet(models.QuerySet["CaseImport"]):
    def visible_to(self, membership: Membership) -> Self:
        """Imports that the membership itself has sent."""
        return self.filter(by=membership)

    def for_list(self) -> Self:
        """What a line about each needs, without the files."""
        return self.defer("content", "refused_file").select_related("area")

    def to_do(self) -> Self:
        """Imports at which a worker has something to do."""
        return self.filter(state__in=CaseImport.TO_DO)

    def unclaimed(self, at: datetime) -> Self:
        """Imports to do at which no worker is; a lease too far ahead was made under a clock that ran ahead."""
        held = Q(lease_until__isnull=False, lease_until__range=(at, at + LEASE))
        return self.to_do().exclude(held)


class CaseImport(models.Model):
    """A ledger as it was sent. It is imported as the membership that sent it, and never before a dry run."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CHECKING = "checking", _("being checked")
        CHECKED = "checked", _("checked")
        REFUSED = "refused", _("refused")
        IMPORTING = "importing", _("being imported")
        DONE = "done", _("done")

    TO_DO = (State.WAITING, State.CHECKING, State.IMPORTING)
    MOST_TRIES = 3  # that ended in nothing: a worker that dies of it would take it up for ever

    name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("digest"), max_length=64)
    mapping = models.CharField(_("mapping"), max_length=50, blank=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+", verbose_name=_("area"))
    due = models.CharField(_("span that judges all rows"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10)  # of whoever reads why a row was refused
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    reason = models.TextField(_("reason"), blank=True)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    added = models.PositiveIntegerField(_("added so far"), default=0)
    check_figures = JSONText(_("figures of the dry run"), null=True)
    import_figures = JSONText(_("figures of the import"), null=True)
    refused_file = models.BinaryField(_("refused rows as a file, compressed"), null=True)
    unread = JSONText(_("columns that were not read"), null=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="case_imports", verbose_name=_("sent by"))
    created_at = models.DateTimeField(_("sent"), default=timezone.now)
    checked_at = models.DateTimeField(_("checked"), null=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    lease_until = models.DateTimeField(_("a worker is at it until"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries since it last got on"), default=0)

    objects = CaseImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "checking"],
                    checked_at__isnull=True,
                    started_at__isnull=True,
                    finished_at__isnull=True,
                )
                | Q(state="checked", checked_at__isnull=False, started_at__isnull=True, finished_at__isnull=True)
                | Q(state="refused", finished_at__isnull=False)  # when it was read, or later, when it could not go on
                | Q(state="importing", checked_at__isnull=False, started_at__isnull=False, finished_at__isnull=True)
                | Q(state="done", checked_at__isnull=False, started_at__isnull=False, finished_at__isnull=False),
                name="case_import_state_agrees_with_dates",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "checking", "importing"]) | Q(lease_until__isnull=True),
                name="case_import_at_rest_is_free",
            ),
            models.CheckConstraint(condition=Q(state="refused") ^ Q(reason=""), name="case_import_refused_with_reason"),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(state__in=["waiting", "checking", "importing"]),
                name="case_import_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RefusedRow(models.Model):
    """A row of an import that was left out, by its number in the file, and all that is wrong with it."""

    case_import = models.ForeignKey(
        CaseImport,
        on_delete=models.CASCADE,
        db_index=False,  # the constraint has one that begins with it
        related_name="left_out",
        verbose_name=_("import"),
    )
    row = models.PositiveIntegerField(_("row"))
    problems = JSONText(_("what is wrong"))

    class Meta:
        verbose_name = _("refused row")
        verbose_name_plural = _("refused rows")
        ordering = ["case_import", "row"]
        constraints = [
            models.UniqueConstraint(fields=["case_import", "row"], name="refused_row_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case_import_id} · {self.row}"
