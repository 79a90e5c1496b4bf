"""Where to go after a small switch such as language or theme: back, but never to another site."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def return_to(request: HttpRequest) -> str:
    """The address in the field `next` if it is one of ours, else the start page."""
    return page_of_ours(request, request.POST.get("next", "")) or resolve_url("home")


def page_of_ours(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""
