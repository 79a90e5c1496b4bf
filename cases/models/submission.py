"""Forms that were sent: one that is sent twice makes one case."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Submission(models.Model):
    """The case that one rendering of the log form made; its token was drawn when the form was shown."""

    token = models.UUIDField(_("token"))
    membership = models.ForeignKey(
        "stakeholders.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    case = models.ForeignKey("Case", on_delete=models.PROTECT, related_name="+", verbose_name=_("case"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [models.UniqueConstraint(fields=["membership", "token"], name="submission_once")]

    def __str__(self) -> str:
        return str(self.token)
