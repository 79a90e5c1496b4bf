"""What happens: cases, custody, deadlines, findings, escalation, history."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("cases")

    def ready(self) -> None:
        """Register who hears about which event."""
        from cases import notifications, subscriptions  # noqa: F401, PLC0415 -- models must be loaded first
