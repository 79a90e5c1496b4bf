"""Addresses under /api/ that lead nowhere."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class Unknown(APIView):
    """404 for every method, as a problem like all others."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer before anything else is looked at."""
        super().initial(request, *args, **kwargs)
        if not request.path.endswith("/"):
            raise NotFound(_("The addresses of the API end with a slash."))
        raise NotFound(_("There is no such address."))
