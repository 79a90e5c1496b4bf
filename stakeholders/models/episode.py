"""What the ledger amounts to, written down: when which cell had nobody, several or only a backstop.

Episodes follow from mandates and rulings alone. They are kept so that a list of them, a count and a filter cost an
index and not a reckoning; what is stored can always be reckoned anew, and every night it is.
"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.coverage import State
from stakeholders.models.estate import Estate
from stakeholders.models.party import Party
from stakeholders.models.people import Membership


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def visible_to(self, membership: Membership) -> Self:
        """Episodes of the estates that the membership sees."""
        return self.filter(estate__in=Estate.objects.visible_to(membership))

    def open_at(self, at: datetime | None = None) -> Self:
        """Episodes that go on at an instant, which is now unless given."""
        at = at or timezone.now()
        begun, not_ended = Q(since__isnull=True) | Q(since__lte=at), Q(until__isnull=True) | Q(until__gt=at)
        return self.filter(begun, not_ended)

    def for_list(self) -> Self:
        """With all that a row names."""
        return self.select_related("estate__area", "building", "need_item__need_class").prefetch_related("parties")


class Episode(models.Model):
    """A stretch of time in which not exactly one party led in a cell, and always the same ones stood for it."""

    class State(models.TextChoices):
        VACUUM = State.VACUUM, _("vacuum")
        MULTI_HEAD = State.MULTI_HEAD, _("multi-head")
        BACKSTOP = State.BACKSTOP, _("backstop")

    estate = models.ForeignKey(Estate, on_delete=models.PROTECT, related_name="episodes", verbose_name=_("estate"))
    building = models.ForeignKey(
        "Building", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("building")
    )
    need_item = models.ForeignKey("NeedItem", on_delete=models.PROTECT, related_name="+", verbose_name=_("need item"))
    state = models.CharField(_("state"), max_length=12, choices=State)
    parties: "models.ManyToManyField[Party, models.Model]" = models.ManyToManyField(
        Party, related_name="episodes", verbose_name=_("parties")
    )
    since = models.DateTimeField(_("from"), null=True)
    until = models.DateTimeField(_("until"), null=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("episode")
        verbose_name_plural = _("episodes")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["vacuum", "multi_head", "backstop"]), name="episode_state"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("since")),
                name="episode_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                "estate", "need_item", Coalesce("building", 0), "since", name="episode_begins_once"
            ),
            models.UniqueConstraint(
                "estate",
                "need_item",
                Coalesce("building", 0),
                condition=Q(since__isnull=True),
                name="episode_is_first_once",
            ),
            models.UniqueConstraint(
                "estate",
                "need_item",
                Coalesce("building", 0),
                condition=Q(until__isnull=True),
                name="episode_is_last_once",
            ),
        ]
        # Both hold all that the gap register asks: one in its order, the other for the estates of a town.
        indexes = [
            models.Index(fields=["since", "estate", "need_item", "state", "until"], name="episode_by_age"),
            models.Index(fields=["estate", "need_item", "state", "since", "until"], name="episode_by_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.estate} · {self.need_item} · {self.get_state_display()}"


class StaleScope(models.Model):
    """Cells whose episodes are to be reckoned anew: noted in the transaction that changed what they follow from."""

    area = models.ForeignKey("Area", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("area"))
    estate = models.ForeignKey(
        "Estate", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("estate")
    )
    building = models.ForeignKey(
        "Building", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("building")
    )
    need_class = models.ForeignKey(
        "NeedClass", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("need class")
    )
    need_item = models.ForeignKey(
        "NeedItem", on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("need item")
    )
    noted_at = models.DateTimeField(_("noted"), default=timezone.now)

    class Meta:
        verbose_name = _("stale scope")
        verbose_name_plural = _("stale scopes")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.building or self.estate or self.area} · {self.need_item or self.need_class or '*'}"
