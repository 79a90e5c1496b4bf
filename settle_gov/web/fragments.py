"""A part of a page that htmx asks for: whoever is sent elsewhere goes there with the whole page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails


class FragmentRequest(HttpRequest):
    """A request after HtmxMiddleware has seen it."""

    htmx: HtmxDetails


class FragmentMiddleware:
    """Let htmx follow a redirect with the whole page; else the page to sign in on would be put into the fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: FragmentRequest) -> HttpResponse:
        """Answer as ever, but for a redirect."""
        answer = self.get_response(request)
        if request.htmx and answer.has_header("Location"):
            answer.status_code = 200  # on a redirect the browser would go there by itself, and htmx not learn of it
            answer.headers["HX-Redirect"] = answer.headers["Location"]
            del answer.headers["Location"]
        return answer
