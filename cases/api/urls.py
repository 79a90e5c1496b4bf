"""Addresses of cases in the API."""

from typing import Any

from django.urls import path, register_converter
from django.urls.converters import StringConverter
from rest_framework.routers import SimpleRouter

from cases.api.actions import DEEDS, ActOnCase
from cases.api.beside import CaseCustody, CaseEscalations, CaseEvents, CaseFindings, FindingViewSet
from cases.api.cases import CaseViewSet
from cases.api.rulings import Rulings
from cases.api.what_if import WhatIf


class CaseNumber(StringConverter):
    """The characters that a case number has, and no others."""

    regex = "[A-Z0-9-]{1,24}"


register_converter(CaseNumber, "case_number")

router = SimpleRouter()
router.register("rulings", Rulings, "ruling")

LIST: dict[str, Any] = {"get": "list"}
# cases/<number>/
one_case = "cases/<case_number:number>/"
urlpatterns = [
    path("cases/", CaseViewSet.as_view({"get": "list", "post": "create"}, detail=False), name="cases"),
    path(one_case, CaseViewSet.as_view({"get": "retrieve"}, detail=True), name="case"),
    path(f"{one_case}events/", CaseEvents.as_view(LIST), name="case-events"),
    path(f"{one_case}custody/", CaseCustody.as_view(LIST), name="case-custody"),
    path(f"{one_case}findings/", CaseFindings.as_view(LIST), name="case-findings"),
    path(f"{one_case}escalations/", CaseEscalations.as_view(LIST), name="case-escalations"),
    *(path(f"{one_case}{action}/", ActOnCase.as_view(), {"action": action}, f"case-{action}") for action in DEEDS),
    path("coverage/what-if/", WhatIf.as_view(), name="what-if"),
    path("findings/", FindingViewSet.as_view(LIST, detail=False), name="findings"),
    path("findings/<int:pk>/", FindingViewSet.as_view({"get": "retrieve"}, detail=True), name="finding"),
    *router.urls,
]
