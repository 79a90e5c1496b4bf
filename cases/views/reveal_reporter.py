"""Looking up who reported a case: for a reason, which is written down, and once."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases import policies
from cases.forms.reveal import RevealForm
from cases.services.reveal_reporter import reveal_reporter
from cases.views.fetch import get_case
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required


@never_cache  # the answer holds personal data: no browser keeps it
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reveal(request: MemberRequest, number: str) -> HttpResponse:
    """Ask for the reason; the answer to it shows name and phone."""
    case, by = get_case(request.membership, number), request.membership
    require(policies.can_reveal(by, case))
    if not case.has_reporter:
        raise Http404
    form = RevealForm(request.POST if request.method == "POST" else None)
    is_revealed = form.submit(reveal_reporter, case, by=by)
    context = {"case": case, "form": form, "is_revealed": is_revealed}
    return render(request, "cases/reveal.html", context, status=422 if form.is_bound and not is_revealed else 200)
