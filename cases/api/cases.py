"""Cases: the list, one of them, and logging one."""

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cases import policies
from cases.api.bodies import PHOTOS, CorrectBody, LogCaseBody, LogCaseForm
from cases.api.serializers import CaseSerializer
from cases.api.versions import etag_of, matching
from cases.filters import CaseFilter
from cases.models import Case, Custody, Dispute, Finding
from cases.models.case import CaseQuerySet
from cases.services.correct_case import correct_case
from cases.services.log_case import log_case
from cases.workflow import Action
from stakeholders.api.acting import MemberRequest
from stakeholders.api.bodies import values_of
from stakeholders.api.expand import Whole
from stakeholders.api.exports import ExportedList
from stakeholders.api.forms import TakesFiles, as_json_or_form, is_form
from stakeholders.api.registers import Buildings, Estates, NeedItems, Parties

BESIDE = (
    Prefetch("findings", Finding.objects.open().order_by("opened_at", "id"), to_attr="faults"),
    Prefetch(
        "custodies",
        Custody.objects.helping().select_related("party"),
        to_attr="helping",
    ),
    Prefetch("disputes", Dispute.objects.open().select_related("level"), to_attr="open_disputes"),
)
# Long texts that no answer shows
UNSHOWN = ("search_text", "deadlines", "head_digest", "main_case__search_text", "main_case__description")


def for_api(cases: CaseQuerySet) -> CaseQuerySet:
    """All that `CaseSerializer` shows, in four queries for any number of cases."""
    shown = cases.for_list().select_related("household", "main_case", "in_charge__user")
    return shown.prefetch_related(*BESIDE).defer(*UNSHOWN)


def answer(case: Case, context: dict[str, Any], code: int = status.HTTP_200_OK) -> Response:
    """One case with its version as ETag; a case fresh from a service is completed first."""
    prefetch_related_objects([case], *BESIDE)
    return Response(CaseSerializer(case, context=context).data, code, headers={"ETag": etag_of(case)})


def _known_beside(case: Case) -> dict[str, Any]:
    """What lies beside a case that was opened just now, as far as nobody needs to look: no dispute, and no fault where
    the ledger names one lead.
    """
    known: dict[str, Any] = {"open_disputes": []}
    return known | {"faults": []} if case.responsibility == Case.Responsibility.HELD else known


class CaseViewSet(TakesFiles, ExportedList):
    """The cases that the actor sees, newest first."""

    serializer_class = CaseSerializer
    filterset_class = CaseFilter
    ordering = ("-reported_at", "-id")
    export_name = "cases"
    files = PHOTOS
    lookup_field = "number"

    @property
    def expands(self) -> Whole:
        """What a case names by its code."""
        places: Whole = {"estate": Estates, "building": Buildings, "need_item": NeedItems}
        return {"lead": Parties, "supports": Parties, **places, "main_case": CaseViewSet}

    def get_queryset(self) -> CaseQuerySet:
        """The one rule of who sees which case."""
        return for_api(Case.objects.visible_to(self.actor))

    def retrieve(self, request: MemberRequest, number: str) -> Response:
        """One case."""
        case = self.get_object()
        return Response(self.shown(case), headers={"ETag": etag_of(case)})

    @extend_schema(request=CorrectBody, responses=CaseSerializer)
    def partial_update(self, request: MemberRequest, number: str) -> Response:
        """Put right what was reported; the answer is the case. The same as the action `correct`."""
        case, context = self.get_object(), self.get_serializer_context()
        policies.permit(self.actor, case, Action.CORRECT)
        values = values_of(CorrectBody, request.data, context)
        with matching(request, case):
            correct_case(case, **values, by=self.actor)
        return answer(for_api(Case.objects.all()).get(pk=case.pk), context)

    @extend_schema(request=as_json_or_form(LogCaseBody, LogCaseForm), responses={201: CaseSerializer})
    def create(self, request: MemberRequest) -> Response:
        """Log a case: it is opened, routed by the ledger and gets its deadlines at once."""
        context = self.get_serializer_context()
        body = LogCaseForm if is_form(request) else LogCaseBody
        values = values_of(body, request.data, context)
        case = log_case(**values, by=self.actor)
        vars(case).update(_known_beside(case))
        response = answer(case, context, status.HTTP_201_CREATED)
        response["Location"] = reverse("api:case", args=[case.number], request=request)
        return response
