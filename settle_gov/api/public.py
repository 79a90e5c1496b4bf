"""For residents without an account: to report, and to follow what they reported with the code they were given."""

from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from cases.api.bodies import BUILDINGS, ESTATES, ITEMS, PHOTOS, ReporterBody, WithPhotos, estate_of
from cases.models import Case, FollowUp
from cases.models.case import DESCRIPTION_LIMIT
from cases.services.report_case import report_case
from settle_gov.api.throttling import FollowUpLimit, FollowUpOfOneLimit, ReportLimit
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.fields import Reference, Text
from stakeholders.api.forms import FormParser, TakesFiles, as_json_or_form, is_form
from stakeholders.api.parameters import refuse_strangers

CODE = "code"


class Known(Reference):
    """The code of a place or an item, which anybody may name."""

    is_public = True


class ReportBody(StrictBody):
    """What a resident reports; the codes of places stand on the notice boards there."""

    title = Text(max_length=120)
    description = Text(max_length=DESCRIPTION_LIMIT, required=False, allow_blank=True)
    need_item = Known(ITEMS, required=False, allow_null=True)
    estate = Known(ESTATES, required=False)
    building = Known(BUILDINGS, required=False, allow_null=True)
    location_note = Text(max_length=200, required=False, allow_blank=True)
    reporter = ReporterBody(source="*", required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """A building says which estate it is in."""
        return estate_of(self, values)


class ReportForm(WithPhotos, ReportBody):
    """The same as a form, with photos."""


class ReportedSerializer(serializers.ModelSerializer[Case]):
    """The number of the new case, and the code that follows it, which is told this once."""

    code = serializers.CharField()

    class Meta:
        model = Case
        fields = ["number", "code"]


class FollowedSerializer(serializers.ModelSerializer[Case]):
    """How a case stands: where it is in its life, by when it is to be resolved, and how it ended."""

    OUTCOMES = (Case.Stage.RESOLVED, Case.Stage.CLOSED, Case.Stage.VOID)

    outcome = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = ["number", "stage", "reported_at", "resolve_due_at", "resolved_at", "closed_at", "outcome"]

    def get_outcome(self, case: Case) -> str | None:
        """`resolved`, `closed` or `void`; null while it is worked on."""
        return case.stage if case.stage in self.OUTCOMES else None


class PublicView(APIView):
    """Whoever asks is nobody in particular; a town may switch this off."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Say that there is nothing here where the town does not want it."""
        if not settings.PUBLIC_REPORTS:
            raise Http404
        super().initial(request, *args, **kwargs)


class PublicCases(TakesFiles, PublicView):
    """Reports of residents."""

    throttle_classes = (ReportLimit,)
    files = PHOTOS
    parser_classes = (*PublicView.parser_classes, FormParser)

    @extend_schema(request=as_json_or_form(ReportBody, ReportForm), responses={201: ReportedSerializer})
    def post(self, request: Request) -> Response:
        """Report a case; it goes to whoever answers for it at once."""
        refuse_strangers(request, frozenset())
        body = ReportForm if is_form(request) else ReportBody
        case, code = report_case(**values_of(body, request.data, {}))
        told = {"number": case.number, "code": code}
        where = reverse("api:public-case", args=[case.number], request=request)
        return Response(told, status.HTTP_201_CREATED, headers={"Location": where})


class PublicCase(PublicView):
    """What a resident reported."""

    throttle_classes = (FollowUpLimit,)

    @extend_schema(
        parameters=[OpenApiParameter(CODE, {"type": "string", "minLength": 1}, required=True)],
        responses=FollowedSerializer,
    )
    def get(self, request: Request, number: str) -> Response:
        """Answer to whoever knows the code; a wrong code and a wrong number are told apart by nobody."""
        refuse_strangers(request, frozenset({CODE}))
        followed = FollowUp.objects.select_related("case").filter(case__number=number).first()
        digest = FollowUp.digest_of(number, request.query_params.get(CODE, "").strip().upper())
        if followed is None or not compare_digest(followed.digest, digest):
            limit = FollowUpOfOneLimit()
            if not limit.allow_request(request, self):
                raise Throttled(limit.wait())
            raise NotFound
        return Response(FollowedSerializer(followed.case).data)
