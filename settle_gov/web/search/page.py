"""The page of the search; the palette shows a part of it."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from settle_gov.web.search.find import KINDS, MOST_OF_ONE, find
from stakeholders.views.member import MemberRequest, member_required


class SearchForm(forms.Form):
    """What somebody looks for, and of which kind alone."""

    q = forms.CharField(label=_("Search"), required=False, max_length=200)
    kind = forms.ChoiceField(
        required=False,
        choices=[(kind.key, kind.label) for kind in KINDS],
        error_messages={"invalid_choice": _("There is no such kind.")},
    )


@require_safe
@member_required
def search(request: MemberRequest) -> HttpResponse:
    """Show what was found; what cannot be searched for is named."""
    form = SearchForm(request.GET)
    is_valid = form.is_valid()
    said, kind = (form.cleaned_data.get(name, "") for name in ("q", "kind"))
    groups = find(said, by=request.membership, only=kind) if is_valid else []
    context = {
        "form": form,
        "said": said,
        "groups": groups,
        "kind": kind,
        "count": sum(len(group.hits) for group in groups),
        "most": MOST_OF_ONE,
    }
    return render(request, "search/search.html", context, status=200 if is_valid else 422)
