"""What has changed, in the order in which readers of the change feed get to see it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ChangeQuerySet(models.QuerySet["Change"]):
    def unnumbered(self) -> "ChangeQuerySet":
        """What was committed since changes were last numbered."""
        return self.filter(seq__isnull=True)

    def after(self, seq: int) -> "ChangeQuerySet":
        """What readers have still to see that have seen all up to a number."""
        return self.filter(seq__gt=seq).order_by("seq")


class Change(models.Model):
    """One change of one record. Triggers write these rows, so that no way of writing can forget them.

    `seq` is given when the change is committed, not when it is made (`cases/changes.py`): what a reader has passed is
    never filled in later.
    """

    class Kind(models.TextChoices):
        CASE = "case", _("case")
        CUSTODY = "custody", _("custody")
        FINDING = "finding", _("finding")
        MANDATE = "mandate", _("mandate")
        RULING = "ruling", _("ruling")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    record = models.BigIntegerField(_("record"))
    key = models.CharField(_("name"), max_length=24)  # by which clients know the record: the number of a case, or an id
    is_deleted = models.BooleanField(_("deleted"), default=False)
    at = models.DateTimeField(_("at"))
    # Of a case that was moved: where it lay before, so that whoever saw it there learns that it is gone
    left_area = models.CharField(max_length=12, null=True)
    left_grid = models.CharField(max_length=15, null=True)
    seq = models.BigIntegerField(_("number"), null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        constraints = [
            models.UniqueConstraint(fields=["seq"], condition=Q(seq__isnull=False), name="change_seq_once"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(seq__isnull=True), name="change_to_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
