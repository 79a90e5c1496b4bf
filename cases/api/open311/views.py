"""The addresses of GeoReport v2. Who may ask, and how often, is said where they are wired into the site."""

from typing import Any

from django.conf import settings
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from cases.api.open311.formats import ERRORS, ByEnding, Open311JSONRenderer, XMLRenderer
from cases.api.open311.report import ReportForm, report
from cases.api.open311.service_requests import RequestQuery, RequestsQuery, asked_for, cases_for, told
from cases.attaching import MOST_PHOTOS
from cases.files import MAX_BYTES
from stakeholders.api.bodies import values_of
from stakeholders.api.forms import Files, FormParser, TakesFiles, TextFormParser
from stakeholders.models import Membership, NeedItem

CHANGESET = "2026-11-29T00:00:00+08:00"  # when these addresses last changed their meaning
MEDIA_URL = "media_url"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


class Open311View(APIView):
    """A view whose answers, and refusals, are those of GeoReport."""

    permission_classes = (AllowAny,)
    renderer_classes = (XMLRenderer, Open311JSONRenderer)
    parser_classes = (TextFormParser, FormParser)
    content_negotiation_class = ByEnding
    schema = None  # GeoReport has a document of its own
    roots: tuple[str, str]

    @property
    def member(self) -> Membership | None:
        """Who asks, if somebody in particular does."""
        found: Membership | None = getattr(self.request, "membership", None)
        return found

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let nobody in without a key where the town does not want it."""
        super().initial(request, *args, **kwargs)
        if self.member is None and not settings.PUBLIC_REPORTS:
            raise PermissionDenied
        if any("\0" in each for each in kwargs.values()):  # PostgreSQL would not even look for it
            raise Http404

    def handle_exception(self, exc: Exception) -> Response:
        """Refuse in the words of GeoReport: a bad key is 403, what is not there 404, all else 400."""
        response = super().handle_exception(exc)
        problem, code = response.data, response.status_code
        refused = problem.get("errors") or [{"name": "", "reason": problem["detail"]}]
        response.status_code = {401: 403}.get(code, code if code in {403, 404, 405, 413, 429} else 400)
        response.content_type = None
        response.data = [
            {"code": str(response.status_code), "description": ": ".join(filter(None, (each["name"], each["reason"])))}
            for each in refused
        ]
        return response


class Discovery(Open311View):
    """Where everything is."""

    roots = ("discovery", "")

    def get(self, request: Request, **kwargs: Any) -> Response:
        """Name the one endpoint."""
        here = reverse("open311:discovery", args=[kwargs["format"]], request=request).rpartition("/")[0]
        endpoint = {
            "specification": SPECIFICATION,
            "url": here,
            "changeset": CHANGESET,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
        contact = settings.DEFAULT_FROM_EMAIL
        about = {"changeset": CHANGESET, "contact": contact, "key_service": contact, "endpoints": [endpoint]}
        return Response(about)


class Services(Open311View):
    """What can be reported: every item of need."""

    roots = ("services", "service")

    def get(self, request: Request, **kwargs: Any) -> Response:
        """All items, in their usual order, with their class as group."""
        return Response([_service(item) for item in NeedItem.objects.select_related("need_class")])


def _service(item: NeedItem) -> dict[str, Any]:
    return {
        "service_code": item.code,
        "service_name": str(item),
        "description": str(item),
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": str(item.need_class),
    }


class Service(Open311View):
    """One thing that can be reported. None asks for more than every report has."""

    roots = ("service_definition", "")

    def get(self, request: Request, code: str, **kwargs: Any) -> Response:
        """The definition, whose list of attributes is empty."""
        if not NeedItem.objects.filter(code=code).exists():
            raise Http404
        return Response({"service_code": code, "attributes": []})


class Requests(TakesFiles, Open311View):
    """Reports: those that there are, and a new one."""

    roots = ("service_requests", "request")
    files = Files("media", MAX_BYTES, MOST_PHOTOS)

    def get(self, request: Request, **kwargs: Any) -> Response:
        """The newest first; without a word about time, those of the last 90 days."""
        asked = values_of(RequestsQuery, request.query_params.dict(), {})
        cases = asked_for(cases_for(self.member), asked)
        return Response(told(cases, by=self.member, extensions=asked["extensions"] == "true"))

    def post(self, request: Request, **kwargs: Any) -> Response:
        """Log a case for the member whose key it is."""
        if self.member is None:
            raise PermissionDenied
        form: Any = request.data
        sent = request.query_params.dict() | {name: form[name] for name in form}
        if MEDIA_URL in form:  # FixMyStreet sends one for each photo
            sent[MEDIA_URL] = "\n".join(each for each in form.getlist(MEDIA_URL) if isinstance(each, str))
        media = request.FILES.getlist("media")
        sent = {name: value for name, value in sent.items() if not name.startswith("attribute[")}
        values = values_of(ReportForm, sent | ({"media": media} if media else {}), {"actor": self.member})
        case = report(values, by=self.member)
        answer = {"service_request_id": case.number, "service_notice": None, "account_id": None}
        return Response([answer], status.HTTP_201_CREATED)


class OneRequest(Open311View):
    """One report, which is still a list."""

    roots = ("service_requests", "request")

    def get(self, request: Request, number: str, **kwargs: Any) -> Response:
        """The case, or 404."""
        asked = values_of(RequestQuery, request.query_params.dict(), {})
        cases = list(cases_for(self.member).filter(number=number))
        if not cases:
            raise Http404
        return Response(told(cases, by=self.member, extensions=asked["extensions"] == "true"))


class Tokens(Open311View):
    """What became of a report: its number is known at once, and is its own token."""

    roots = ("service_requests", "request")

    def get(self, request: Request, number: str, **kwargs: Any) -> Response:
        """The same number again."""
        values_of(RequestQuery, request.query_params.dict(), {})
        if not cases_for(self.member).filter(number=number).exists():
            raise Http404
        return Response([{"service_request_id": number, "token": number}])


class Nowhere(Open311View):
    """Any other address: clients read what they get as XML or JSON, also where there is nothing."""

    roots = ERRORS

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say so, whatever is asked."""
        super().initial(request, *args, **kwargs)
        raise Http404
