"""Requests that make no sense, told apart where the reader can do something about it."""

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to who sent too much, and 400 to all else; what a view said about it is shown."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    context = {"exception": str(exception) if isinstance(exception, BadRequest) else ""}
    return render(request, "400.html", context, status=400)
