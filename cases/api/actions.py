"""What can be done with a case: one row an action, each a body and the service that takes it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from rest_framework.response import Response

from cases.api.bodies import LocateBody, ReasonBody, ReassignBody, RemarkBody, ReturnBody
from cases.api.cases import answer, for_api
from cases.api.versions import require_match
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.locate_case import locate_case
from cases.services.reassign_case import reassign_case
from cases.services.resolve_case import resolve_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.sign_for_case import sign_for_case
from cases.services.void_case import void_case
from cases.workflow import Action
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of


@dataclass(frozen=True)
class Deed:
    """What a client sends for an action, and who does it."""

    body: type[StrictBody]
    service: Callable[..., Case]


DEEDS: dict[Action, Deed] = {
    Action.LOCATE: Deed(LocateBody, locate_case),
    Action.ACCEPT: Deed(RemarkBody, sign_for_case),
    Action.CONTACT: Deed(RemarkBody, contact_reporter),
    Action.RETURN: Deed(ReturnBody, return_case),
    Action.REASSIGN: Deed(ReassignBody, reassign_case),
    Action.RESOLVE: Deed(ReasonBody, resolve_case),
    Action.REWORK: Deed(ReasonBody, rework_case),
    Action.CLOSE: Deed(RemarkBody, close_case),
    Action.VOID: Deed(ReasonBody, void_case),
    Action.COMMENT: Deed(ReasonBody, comment_on_case),
}


class ActOnCase(ActingView):
    """POST an action; the answer is the case as it is then.

    404 where the actor does not see the case, 403 where the role never may, 409 where the stage does not allow it
    now, 412 where `If-Match` names a version that is past.
    """

    lookup_field = "number"
    detail = True

    def get_queryset(self) -> CaseQuerySet:
        """What the actor sees."""
        return Case.objects.visible_to(self.actor)

    def post(self, request: MemberRequest, number: str, action: Action) -> Response:
        """Do it."""
        deed, case = DEEDS[action], self.get_object()
        context = self.get_serializer_context()
        values = values_of(deed.body, request.data, context)
        with transaction.atomic():
            require_match(request, case)
            deed.service(case, **values, by=self.actor)
        return answer(for_api(Case.objects.all()).get(pk=case.pk), context)
