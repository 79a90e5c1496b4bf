"""What has changed, in the order in which readers of the change feed get to see it."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, Subquery, When
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from stakeholders.models.people import Membership
from stakeholders.roles import Permission, Role


class ChangeQuerySet(models.QuerySet["Change"]):
    def unnumbered(self) -> "ChangeQuerySet":
        """What was committed since changes were last numbered."""
        return self.filter(seq__isnull=True)

    def between(self, after: int, last: int) -> "ChangeQuerySet":
        """What readers have still to see, up to a number, that have seen all up to another."""
        return self.filter(seq__gt=after, seq__lte=last).order_by("seq")

    def last_number(self) -> int:
        """The highest number that was given."""
        return self.filter(seq__isnull=False).order_by("-seq").values_list("seq", flat=True).first() or 0

    def told_to(self, membership: Membership, records: Mapping[str, models.QuerySet[Any]]) -> "ChangeQuerySet":
        """Changes of what a membership sees, given as `records` by kind, and of what it may have a copy of no more.

        Each change looks its record up by itself: a page costs the same, however much there is to see.
        """
        seen = models.Case(
            *(
                When(kind=kind, is_deleted=False, then=_key_of_one(visible.filter(pk=OuterRef("record"))))
                for kind, visible in records.items()
            )
        )
        return self.filter(_gone_from(membership) | Q(IsNull(seen, False)), kind__in=records)


def _key_of_one(records: models.QuerySet[Any]) -> Subquery:
    """The key of any of them. Where EXISTS asks, PostgreSQL may first read all there are and remember them."""
    return Subquery(records.order_by().values("pk")[:1])


def _gone_from(membership: Membership) -> Q:
    """Of what a membership may have seen, and sees no more: it is deleted, or was moved out of sight."""
    if membership.role == Role.GRID_WORKER:
        return Q(left_grid=membership.grid_id)
    if membership.allows(Permission.SEE_AREA):
        return Q(left_area__range=membership.area.code_range)
    return Q(left_party=membership.party_id)


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
    # Of what was deleted or moved: where it lay before, so that whoever saw it there learns that it is gone
    left_area = models.CharField(max_length=12, null=True)
    left_grid = models.CharField(max_length=15, null=True)
    left_party = models.BigIntegerField(null=True)  # that had a part in its case: a row for each, beside the one above
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
