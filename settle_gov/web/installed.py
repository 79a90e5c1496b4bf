"""What lets the site be kept on a phone: its name and sign, the worker that answers without a network, and its page."""

import json
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# What every page needs to be drawn; its names change with its content
SHELL = (
    "css/tokens.css",
    "css/base.css",
    "css/components.css",
    "seal.svg",
    "chevron.svg",
    "django_htmx/htmx-2.min.js",
    "js/composing.js",
    "js/fresh_token.js",
    "js/keys.js",
    "js/palette.js",
    "js/whole_page.js",
    "js/photos.js",
    "js/queue.js",
)


@require_safe
@login_not_required
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> JsonResponse:
    """Say what the site is called on the screen of a phone, in the language of whoever keeps it there."""
    told = {
        "id": "/",
        "name": _("Resettlement governance"),
        "short_name": _("Resettlement governance"),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f6f5f2",
        "theme_color": "#ffffff",
        "icons": [{"src": static("seal.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"}],
        "shortcuts": [{"name": _("Log a case"), "url": reverse("cases:new")}],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
@login_not_required
@cache_control(no_cache=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The script that answers for the site without a network; it stands at the root, for it answers only below it."""
    shell = [static(name) for name in SHELL]
    told = {
        "version": sha256("".join(shell).encode()).hexdigest()[:12],
        "shell": shell,
        "offline": reverse("offline"),
        "log": reverse("cases:new"),
        "signOut": reverse("sign-out"),
    }
    script = f"self.site = {json.dumps(told)};\nimportScripts({json.dumps(static('js/worker.js'))});\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@login_not_required
def offline(request: HttpRequest) -> HttpResponse:
    """What stands in for a page that cannot be fetched; it names nobody."""
    return render(request, "offline.html")
