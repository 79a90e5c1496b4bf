"""Who and where, and who answers for what: places, people, parties, needs, the responsibility ledger."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StakeholdersConfig(AppConfig):
    name = "stakeholders"
    verbose_name = _("places, people and duties")
