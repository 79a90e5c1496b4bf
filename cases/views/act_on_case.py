"""Doing something with a case: one page for all actions."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import policies
from cases.forms.actions import ActionForm
from cases.models import Case, ReplyTemplate
from cases.timeline import Names, tell
from cases.views.as_seen import as_seen, is_as_seen
from cases.views.deed import Deed
from cases.views.deeds import DEEDS
from cases.views.fetch import get_case
from cases.workflow import Action
from stakeholders.models import Membership
from stakeholders.views.member import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def act_on_case(request: MemberRequest, number: str, action: str) -> HttpResponse:
    """Ask for what the action needs, and do it.

    Where something has happened since the page was made that people decide on the answer is 409, and 403 when the case
    is somebody else's by now; what was typed stays on the page. Comments and files go through whatever happened.
    """
    case, deed, by = get_case(request.membership, number), _deed(action), request.membership
    seen = request.POST.get("seen", str(case.head_seq))
    templates = ReplyTemplate.objects.filter(action=deed.action) if deed.action in ReplyTemplate.ACTIONS else ()
    typed = (_written(request.POST, deed, templates), request.FILES) if request.method == "POST" else (None, None)
    form = deed.form(*typed, case=case, by=by)
    form.templates = templates
    if not policies.may(by, case, deed.action):
        if not form.is_bound:
            raise PermissionDenied(_whose(case, by))
        return _page(request, case, deed, form, status=403)
    service = deed.service if deed.is_beside else as_seen(deed.service, seen)
    if _is_possible(case, deed, seen) and form.submit(service, case, by=by):
        messages.success(request, str(deed.done))
        return redirect("desk" if request.POST.get("back") == "desk" else case)
    if form.has_error(NON_FIELD_ERRORS, "changed"):  # somebody was quicker by the blink of an eye
        case = get_case(by, number)
    if not _is_possible(case, deed, seen):
        return _page(request, case, deed, form, status=409)
    return _page(request, case, deed, form, status=422 if form.is_bound else 200)


def _written(typed: QueryDict, deed: Deed, templates: Iterable[ReplyTemplate]) -> QueryDict:
    """What was typed, behind the templates that were taken."""
    words = "ground" if "ground" in deed.form.base_fields else "reason"
    taken = typed.getlist("template")
    texts = [template.text for template in templates if str(template.pk) in taken] if taken else []
    if not texts:
        return typed
    written = typed.copy()
    written[words] = "\n".join(filter(None, [*texts, typed.get(words, "").strip()]))
    return written


def _deed(action: str) -> Deed:
    if action not in list(Action):
        raise Http404
    return DEEDS[Action(action)]


def _is_possible(case: Case, deed: Deed, seen: str) -> bool:
    """Whether the case as it stands allows it, and is still the one that was seen where that matters."""
    return policies.is_possible(case, deed.action) and (deed.is_beside or is_as_seen(case, seen))


def _page(request: MemberRequest, case: Case, deed: Deed, form: ActionForm, *, status: int) -> HttpResponse:
    is_changed = status == 409 and policies.is_possible(case, deed.action)
    is_refused = status in (403, 409) and not is_changed
    context = {
        "case": case,
        "deed": deed,
        "form": form,
        "whose": _whose(case, request.membership) if status == 403 else "",
        "last": _last_event(case) if is_refused or is_changed else "",
        "is_refused": is_refused,
        "is_changed": is_changed,
    }
    return render(request, "cases/act.html", context, status=status)


def _whose(case: Case, by: Membership) -> str:
    """Why this is not for whoever asks."""
    if case.lead is None and policies.can_handle(by):
        return _("Nobody has this case now; it can be done by the party that gets it. You may comment on the case.")
    if case.lead is None:
        return _("This is not for your role. You may comment on the case.")
    if case.lead_id == by.party_id and policies.can_handle(by):
        return _("Your party has this case. If it is not yours, give it back instead.")
    return _("%(lead)s handles this; you may comment on the case, but not do this.") % {"lead": case.lead}


def _last_event(case: Case) -> SafeString | str:
    """What somebody did last, in a sentence; what followed from it by itself explains nothing."""
    events = case.events.select_related("by__user", "by__party").order_by("-seq")
    event = events.filter(by__isnull=False).first() or events.first()
    return tell(event, Names.in_events([event])).sentence if event else ""
