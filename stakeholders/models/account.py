"""What happens at the door: a log of accounts that is written once, and the tries that are counted there."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from stakeholders.models.people import User

ADDRESS_LENGTH = 45  # the longest IPv6 address


class AccountEvent(models.Model):
    """Somebody signed in or out, was refused, or changed what that takes; holds nothing that was typed."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", _("signed in")
        SIGNED_OUT = "signed_out", _("signed out")
        REFUSED = "refused", _("refused")
        SHUT = "shut", _("shut after too many tries")
        OPENED = "opened", _("opened again")
        TWO_FACTOR_ON = "two_factor_on", _("second step turned on")
        TWO_FACTOR_OFF = "two_factor_off", _("second step turned off")
        CODES_DRAWN = "codes_drawn", _("new recovery codes drawn")
        PASSWORD_CHANGED = "password_changed", _("password changed")

    class How(models.TextChoices):
        PASSWORD = "password", _("by password")
        CODE = "code", _("by code from the phone")
        RECOVERY_CODE = "recovery_code", _("by recovery code")
        ADMINISTRATOR = "administrator", _("by an administrator")
        COMMAND = "command", _("by a command on the server")

    # None where no such account exists: what was typed is not kept, for people type passwords there. A user may be
    # removed, and what happened stays known for its time.
    account = models.ForeignKey(
        User,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        null=True,
        related_name="account_events",
        verbose_name=_("account"),
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    how = models.CharField(_("how"), max_length=16, choices=How, null=True)
    address = models.CharField(_("network address"), max_length=ADDRESS_LENGTH, blank=True)  # none for a command
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("line of the sign-in log")
        verbose_name_plural = _("sign-in log")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | Q(kind__in=["refused", "shut"]), name="account_event_of_an_account"
            ),
            models.CheckConstraint(condition=~Q(how=""), name="account_event_how_is_null_or_said"),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="account_event_of_one"),
            models.Index(fields=["at"], name="account_event_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SignInTries(models.Model):
    """How often one address has tried to get into one account lately; a name that is no account is counted alike."""

    key = models.CharField(_("key"), max_length=64, unique=True, editable=False)
    account = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, related_name="sign_in_tries", verbose_name=_("account")
    )
    address = models.CharField(_("network address"), max_length=ADDRESS_LENGTH, blank=True)
    count = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_at = models.DateTimeField(_("last try"), default=timezone.now)
    shut_until = models.DateTimeField(_("shut until"), null=True)

    class Meta:
        verbose_name = _("tries to sign in")
        verbose_name_plural = _("tries to sign in")
        ordering = ["-id"]
        indexes = [models.Index(fields=["last_at"], name="sign_in_tries_by_age")]

    def __str__(self) -> str:
        return f"{self.account or '–'} · {self.address}"

    @staticmethod
    def key_of(name: str, address: str) -> str:
        """A digest under the key of the site: what was typed cannot be read from it."""
        return salted_hmac(
            "stakeholders.sign_in_tries", f"{address[:ADDRESS_LENGTH]}\n{name}", algorithm="sha256"
        ).hexdigest()
