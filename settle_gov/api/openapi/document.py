"""The document itself, for programs and for people."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.parameters import refuse_strangers
from stakeholders.views.member import member_required


class Document(ActingView):
    """This document, in the language of the client."""

    @extend_schema(responses={200: {"type": "object"}})
    def get(self, request: MemberRequest) -> Response:
        """Answer with OpenAPI 3.1 as JSON."""
        refuse_strangers(request, frozenset())
        return Response(document(get_language() or settings.LANGUAGE_CODE))


@lru_cache
def document(language: str) -> Any:
    """The document in a language, made once in each process."""
    with override(language):
        return SchemaGenerator().get_schema(public=True)


@require_safe
@member_required
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page, on which requests can be tried as whoever is signed in."""
    return render(request, "api/docs.html")
