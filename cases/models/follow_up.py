"""Cases that somebody without an account follows."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class FollowUp(models.Model):
    """Lets whoever knows the code of a case see how it stands; the code is shown once and only its digest is kept."""

    case = models.OneToOneField(
        "Case", on_delete=models.PROTECT, primary_key=True, related_name="follow_up", verbose_name=_("case")
    )
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")

    def __str__(self) -> str:
        return str(self.case_id)

    @staticmethod
    def digest_of(number: str, code: str) -> str:
        """Digest of a code; with the number in it, equal codes cannot be seen."""
        return hashlib.sha256(f"{number}:{code}".encode()).hexdigest()
