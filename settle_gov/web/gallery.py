"""All components on one page, in both themes, for who builds pages; it exists only where DEBUG is on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.signs import SIGNS
from cases.watch import Reading, Tone
from stakeholders.models.need import Urgency
from stakeholders.views.member import member_required

SPANS: list[tuple[Tone, str]] = [
    ("", "还剩 2 个工作日"),
    ("soon", "还剩 2 小时 10 分"),
    ("over", "超期 4 小时 50 分"),
    ("done", "按时办结"),
    ("pause", "挂账"),
]


@require_safe
@member_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Show each component as an include gives it."""
    context = {
        "themes": ("light", "dark"),
        "states": ["", *SIGNS],
        "readings": [Reading(tone, words, words, None) for tone, words in SPANS],
        "urgencies": Urgency.choices,
        "notices": ["", "bad", "many", "void", "done"],
        "empties": ["done", "unset", "unmatched", "none"],
    }
    return render(request, "gallery.html", context)
