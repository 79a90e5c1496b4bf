"""The REST API, version 1. Each app lists its own resources."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from settle_gov.api import public
from settle_gov.api.me import Me
from settle_gov.api.openapi import document
from settle_gov.api.unknown import Unknown
from settle_gov.web import health

app_name = "api"
# /api/v1/
version_1: list[URLPattern | URLResolver] = [
    path("health/", health.Health.as_view(), name="health"),
    path("ready/", health.Ready.as_view(), name="ready"),
    path("me/", Me.as_view(), name="me"),
    path("schema/", document.Document.as_view(), name="schema"),
    path("docs/", document.docs, name="docs"),
    path("", include("cases.api.urls")),
    path("", include("stakeholders.api.urls")),
    path("public/cases/", public.PublicCases.as_view(), name="public-cases"),
    path("public/cases/<case_number:number>/", public.PublicCase.as_view(), name="public-case"),
]
# /api/
urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", Unknown.as_view(), name="unknown"),
]
