"""What a person may do: roles are code, so that they are reviewed, tested and the same everywhere."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """In which capacity a user acts for a party."""

    GRID_WORKER = "grid_worker", _("grid worker")
    HANDLER = "handler", _("handler")
    COORDINATOR = "coordinator", _("party-building coordinator")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
    API_CLIENT = "api_client", _("API client")


class Permission(StrEnum):
    """One thing a role allows, inside the scope of the membership."""

    LOG_CASE = "log_case"
    HANDLE_CASE = "handle_case"
    VERIFY_CASE = "verify_case"
    ASSIGN_CASE = "assign_case"
    SEE_AREA = "see_area"
    SEE_DUTIES = "see_duties"
    KEEP_DUTIES = "keep_duties"
    KEEP_WEBHOOKS = "keep_webhooks"
    ADMINISTER = "administer"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.GRID_WORKER: frozenset({Permission.LOG_CASE, Permission.VERIFY_CASE, Permission.SEE_DUTIES}),
    Role.HANDLER: frozenset({Permission.HANDLE_CASE, Permission.SEE_DUTIES}),
    Role.COORDINATOR: frozenset(
        {
            Permission.LOG_CASE,
            Permission.VERIFY_CASE,
            Permission.ASSIGN_CASE,
            Permission.SEE_AREA,
            Permission.SEE_DUTIES,
            Permission.KEEP_DUTIES,
            Permission.KEEP_WEBHOOKS,
        }
    ),
    Role.AUDITOR: frozenset({Permission.SEE_AREA, Permission.SEE_DUTIES}),
    Role.ADMINISTRATOR: frozenset(
        {Permission.SEE_AREA, Permission.SEE_DUTIES, Permission.KEEP_WEBHOOKS, Permission.ADMINISTER}
    ),
    Role.API_CLIENT: frozenset(
        {Permission.LOG_CASE, Permission.SEE_AREA, Permission.SEE_DUTIES, Permission.KEEP_WEBHOOKS}
    ),
}
