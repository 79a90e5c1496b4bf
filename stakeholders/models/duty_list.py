"""Duty lists that somebody has sent: the files, as evidence of what was recorded from them."""

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.models.people import Membership


class DutyListQuerySet(models.QuerySet["DutyList"]):
    def recorded(self) -> Self:
        """Lists from which mandates were recorded."""
        return self.filter(recorded_at__isnull=False)

    def visible_to(self, membership: Membership) -> Self:
        """Lists that the membership has sent, and those that were recorded by others inside its area."""
        inside = Q(uploaded_by__area__code__range=membership.area.code_range, recorded_at__isnull=False)
        return self.filter(inside | Q(uploaded_by=membership))

    def for_list(self) -> Self:
        """What a line about each needs, without the files."""
        return self.defer("content").select_related("uploaded_by__user", "uploaded_by__party")


class DutyList(models.Model):
    """A duty list as it was sent. Its mandates are those recorded by the same member at the same instant."""

    reference = models.UUIDField(_("reference"), default=uuid4, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=200)
    content = models.BinaryField(_("content"))
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("digest"), max_length=64)
    uploaded_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="duty_lists", verbose_name=_("sent by")
    )
    uploaded_at = models.DateTimeField(_("sent"), default=timezone.now)
    recorded_at = models.DateTimeField(_("recorded"), null=True)
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("known before"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)

    objects = DutyListQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty list")
        verbose_name_plural = _("duty lists")
        ordering = ["-id"]
        indexes = [models.Index(fields=["uploaded_at"], condition=Q(recorded_at=None), name="duty_list_not_recorded")]

    def __str__(self) -> str:
        return self.name
