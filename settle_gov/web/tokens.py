"""Tokens for my programs: what there are, a new one, and taking one back."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from stakeholders.models import Token
from stakeholders.service_form import ServiceForm
from stakeholders.services.issue_token import MOST_DAYS, issue_token
from stakeholders.services.revoke_token import revoke_token
from stakeholders.views.member import MemberRequest, member_required


class TokenForm(ServiceForm):
    """What a token is called, and how long it holds."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=Token._meta.get_field("name").max_length,
        help_text=gettext_lazy("Such as the program that will use it."),
    )
    days = forms.IntegerField(label=gettext_lazy("Days it holds"), min_value=1, max_value=MOST_DAYS, initial=365)

    use_required_attribute = False


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def tokens(request: MemberRequest) -> HttpResponse:
    """All my tokens, and a new one: its secret is on the answer to the form, and never again."""
    form = TokenForm(request.POST if request.method == "POST" else None)
    is_made = form.submit(issue_token, request.membership)
    secret = form.result[1] if is_made else ""
    context = {
        "form": TokenForm() if is_made else form,
        "secret": secret,
        "tokens": _mine(request),
        "now": timezone.now(),
    }
    return render(request, "tokens.html", context, status=422 if form.is_bound and not is_made else 200)


@require_POST
@member_required
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """Take one of my tokens back."""
    token = revoke_token(get_object_or_404(_mine(request), pk=pk), by=request.membership)
    messages.success(request, _("“%(name)s” does not hold any more.") % {"name": token.name})
    return redirect("tokens")


def _mine(request: MemberRequest) -> QuerySet[Token]:
    return Token.objects.filter(membership__user=request.user).select_related("membership__party")
