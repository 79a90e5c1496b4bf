"""Who looked up whom, and why."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stakeholders.models.people import Membership, Resident


class RevealingQuerySet(models.QuerySet["Revealing"]):
    def visible_to(self, membership: Membership) -> "RevealingQuerySet":
        """Who looked up residents of the area of the membership, or looked from there at one who is removed by now."""
        theirs = Q(resident__in=Resident.objects.visible_to(membership))
        return self.filter(theirs | Q(by__area__code__range=membership.area.code_range))


class Revealing(models.Model):
    """Somebody was shown the name and number of a resident; holds neither, is written once and never goes."""

    # A resident may be removed, as the law on personal information has it (PIPL Art. 47); who looked stays known.
    resident = models.ForeignKey(
        Resident,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="revealings",
        verbose_name=_("resident"),
    )
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = RevealingQuerySet.as_manager()

    class Meta:
        verbose_name = _("revealing")
        verbose_name_plural = _("revealings")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="revealing_has_a_reason")]

    def __str__(self) -> str:
        return self.reason
