"""What the database refused because of somebody else, told on a page: a conflict is no fault of ours."""

from collections.abc import Callable

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from settle_gov.races import is_lock_conflict, is_lost_race


class ConflictMiddleware:
    """Answer 409 for a lost race or a lock that was not let go; the API tells its own clients."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Stand aside."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a conflict; everything else goes on its way."""
        lost = isinstance(exception, IntegrityError) and is_lost_race(exception)
        locked = isinstance(exception, OperationalError) and is_lock_conflict(exception)
        return render(request, "409.html", status=409) if lost or locked else None
