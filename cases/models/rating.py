"""What reporters answer when they are asked how it went."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Rating(models.Model):
    """The reporter's answers after a closing, the source of the three rates; an answer nobody gave is empty."""

    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="ratings", verbose_name=_("case"))
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    contacted = models.BooleanField(_("contacted"), null=True)
    solved = models.BooleanField(_("solved"), null=True)
    satisfied = models.BooleanField(_("satisfied"), null=True)
    # The party that had the case when it was closed; later hand-offs do not change whom the answer is about.
    lead = models.ForeignKey(
        "stakeholders.Party", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("lead")
    )
    by = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("noted by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["case", "cycle"], name="rating_once_a_cycle")]
        indexes = [models.Index(fields=["at"], name="rating_by_time")]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.cycle}"
