"""What can be done with a case: one row an action, each a body and the service that takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rest_framework.parsers import BaseParser
from rest_framework.response import Response

from cases import policies
from cases.api import action_bodies as bodies
from cases.api.bodies import CorrectBody
from cases.api.cases import answer, for_api
from cases.api.serializers import CaseSerializer
from cases.api.versions import matching
from cases.files import MAX_BYTES
from cases.models import Case
from cases.models.case import CaseQuerySet
from cases.services.attach_file import attach_file
from cases.services.claim_case import claim_case
from cases.services.close_case import close_case
from cases.services.comment_on_case import comment_on_case
from cases.services.contact_reporter import contact_reporter
from cases.services.correct_case import correct_case
from cases.services.decide_extension import decide_extension
from cases.services.decide_hold import decide_hold
from cases.services.disclaim_case import disclaim_case
from cases.services.extend_case import extend_case
from cases.services.extend_statutory_timer import extend_statutory_timer
from cases.services.hold_case import hold_case
from cases.services.link_duplicate import link_duplicate
from cases.services.locate_case import locate_case
from cases.services.put_in_charge import put_in_charge
from cases.services.rate_case import rate_case
from cases.services.reassign_case import reassign_case
from cases.services.reopen_case import reopen_case
from cases.services.resolve_case import resolve_case
from cases.services.resume_case import resume_case
from cases.services.return_case import return_case
from cases.services.rework_case import rework_case
from cases.services.rule_on_case import rule_on_case
from cases.services.sign_for_case import sign_for_case
from cases.services.start_statutory_timer import start_statutory_timer
from cases.services.stop_statutory_timer import stop_statutory_timer
from cases.services.verify_case import verify_case
from cases.services.void_case import void_case
from cases.workflow import Action
from stakeholders.api.acting import ActingView, MemberRequest
from stakeholders.api.bodies import StrictBody, values_of
from stakeholders.api.forms import Files, FormParser, TakesFiles


@dataclass(frozen=True)
class Deed:
    """What a client sends for an action, and who does it; one that `keeps_files` takes them as a form."""

    body: type[StrictBody]
    service: Callable[..., Case]
    keeps_files: bool = False

    @property
    def parsers(self) -> list[type[BaseParser]]:
        """How the body may come: files as a form, all else as JSON."""
        return [FormParser] if self.keeps_files else list(ActingView.parser_classes)

    def do(self, case: Case, request: MemberRequest, context: dict[str, object]) -> None:
        """Check the body and the version, and do it."""
        values = values_of(self.body, request.data, context)
        with matching(request, case):
            self.service(case, **values, by=request.membership)


DEEDS: dict[Action, Deed] = {
    Action.LOCATE: Deed(bodies.LocateBody, locate_case),
    Action.ACCEPT: Deed(bodies.RemarkBody, sign_for_case),
    Action.CLAIM: Deed(bodies.ClaimBody, claim_case),
    Action.RESUME: Deed(bodies.RemarkBody, resume_case),
    Action.RESOLVE: Deed(bodies.ReasonBody, resolve_case),
    Action.DECIDE_EXTENSION: Deed(bodies.DecideBody, decide_extension),
    Action.DECIDE_HOLD: Deed(bodies.DecideBody, decide_hold),
    Action.VERIFY: Deed(bodies.ReasonBody, verify_case),
    Action.CLOSE: Deed(bodies.RemarkBody, close_case),
    Action.REWORK: Deed(bodies.ReasonBody, rework_case),
    Action.RULE: Deed(bodies.RuleBody, rule_on_case),
    Action.REASSIGN: Deed(bodies.ReassignBody, reassign_case),
    Action.RETURN: Deed(bodies.DisclaimBody, return_case),
    Action.DISCLAIM: Deed(bodies.DisclaimBody, disclaim_case),
    Action.CONTACT: Deed(bodies.RemarkBody, contact_reporter),
    Action.RATE: Deed(bodies.RateBody, rate_case),
    Action.REOPEN: Deed(bodies.ReasonBody, reopen_case),
    Action.PUT_IN_CHARGE: Deed(bodies.InChargeBody, put_in_charge),
    Action.EXTEND: Deed(bodies.SpanBody, extend_case),
    Action.HOLD: Deed(bodies.SpanBody, hold_case),
    Action.COMMENT: Deed(bodies.ReasonBody, comment_on_case),
    Action.ATTACH: Deed(bodies.AttachBody, attach_file, keeps_files=True),
    Action.CORRECT: Deed(CorrectBody, correct_case),
    Action.START_TIMER: Deed(bodies.StartTimerBody, start_statutory_timer),
    Action.EXTEND_TIMER: Deed(bodies.ExtendTimerBody, extend_statutory_timer),
    Action.STOP_TIMER: Deed(bodies.StopTimerBody, stop_statutory_timer),
    Action.LINK_DUPLICATE: Deed(bodies.LinkBody, link_duplicate),
    Action.VOID: Deed(bodies.ReasonBody, void_case),
}


class ActOnCase(TakesFiles, ActingView):
    """POST an action; the answer is the case as it is then.

    404 where the actor does not see the case, 403 where the role never may, 409 where the case does not allow it now,
    and only then 400 for a body that is not right, or 412 where `If-Match` names a version that is past.
    """

    serializer_class = CaseSerializer
    lookup_field = "number"
    detail = True
    files = Files("file", MAX_BYTES)
    deed: Any = None  # the action, given with the address

    def get_queryset(self) -> CaseQuerySet:
        """What the actor sees."""
        return Case.objects.visible_to(self.actor)

    @property
    def body(self) -> type[StrictBody]:
        """What a client sends."""
        return DEEDS[self.deed].body

    def post(self, request: MemberRequest, number: str) -> Response:
        """Do it."""
        case, context = self.get_object(), self.get_serializer_context()
        policies.permit(self.actor, case, self.deed)
        DEEDS[self.deed].do(case, request, context)
        return answer(for_api(Case.objects.all()).get(pk=case.pk), context)
