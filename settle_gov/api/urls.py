"""The REST API, version 1. Each app lists its own resources."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from settle_gov.api.me import Me
from settle_gov.api.unknown import Unknown
from settle_gov.web import health

app_name = "api"
# /api/v1/
version_1: list[URLPattern | URLResolver] = [
    path("health/", health.health, name="health"),
    path("ready/", health.ready, name="ready"),
    path("me/", Me.as_view(), name="me"),
    path("", include("cases.api.urls")),
    path("", include("stakeholders.api.urls")),
]
# /api/
urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", Unknown.as_view(), name="unknown"),
]
