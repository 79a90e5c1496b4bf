"""Adding, changing and removing a deadline rule."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import DeadlineRule
from cases.policies import can_keep_rules, permit_rule
from cases.services.remove_deadline_rule import remove_deadline_rule
from cases.services.save_deadline_rule import save_deadline_rule
from settle_gov.web.rules.forms import DeadlineForm
from stakeholders.policies import require
from stakeholders.views.member import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add(request: MemberRequest) -> HttpResponse:
    """Write down a new rule."""
    require(can_keep_rules(request.membership))
    return _edit(request, DeadlineRule(), _("Add a deadline rule"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def change(request: MemberRequest, pk: int) -> HttpResponse:
    """Change a rule."""
    require(can_keep_rules(request.membership))
    rule = get_object_or_404(DeadlineRule.objects.select_related("need_class", "need_item", "area", "estate"), pk=pk)
    permit_rule(request.membership, rule)
    return _edit(request, rule, _("Change %(rule)s") % {"rule": rule})


@require_POST
@member_required
def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    rule = get_object_or_404(DeadlineRule, pk=pk)
    words = _("%(rule)s is removed; what runs by it runs on.") % {"rule": rule}
    remove_deadline_rule(rule, by=request.membership)
    messages.success(request, words)
    return redirect(f"{reverse('rules:list')}#deadlines")


def _edit(request: MemberRequest, rule: DeadlineRule, title: str) -> HttpResponse:
    typed: Any = request.POST if request.method == "POST" else None
    form = DeadlineForm(typed, rule=rule, by=request.membership)
    if form.submit(save_deadline_rule, by=request.membership):
        messages.success(request, _("%(rule)s is saved; clocks that start from now on go by it.") % {"rule": rule})
        return redirect(f"{reverse('rules:list')}#{rule}")
    context = {"form": form, "title": title, "rule": rule}
    return render(request, "rules/deadline.html", context, status=422 if form.is_bound else 200)
