"""Who gets in at all. What a membership may do is decided by the policies that the services ask."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class HasMembership(BasePermission):
    """Whoever acts for a party. Anonymous is 401, signed in without a membership 403."""

    message = _("You act for no party yet. Ask the administrator of your town to add you to one.")

    def has_permission(self, request: Request, view: Any) -> bool:
        """Say whether there is somebody to act as."""
        return request.user.is_authenticated and getattr(request, "membership", None) is not None
