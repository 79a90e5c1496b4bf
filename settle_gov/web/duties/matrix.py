"""The responsibility matrix: every estate and every item, and who answers on a day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Case
from settle_gov.web.duties.forms import MatrixForm
from settle_gov.web.duties.marks import GAPS, Mark
from settle_gov.web.duties.scope import estates_of
from settle_gov.web.duties.table import table
from stakeholders import ledger
from stakeholders.models import NeedItem
from stakeholders.policies import can_see_duties, require
from stakeholders.views.member import MemberRequest, member_required


@require_safe
@member_required
def matrix(request: MemberRequest) -> HttpResponse:
    """Draw the matrix of a day; what makes no sense in the address is named, and today stands in for it."""
    require(can_see_duties(request.membership))
    form = MatrixForm(request.GET)
    form.is_valid()
    estates = list(estates_of(request.membership))
    items = list(NeedItem.objects.select_related("need_class").order_by("need_class__position", "position"))
    cells = ledger.matrix(estates, items, form.moment, form.known_moment) if estates and items else []
    opened = Case.objects.visible_to(request.membership).open().filter(estate__in=estates, need_item__isnull=False)
    hot = set(opened.order_by().values_list("estate_id", "need_item_id").distinct())
    drawn = table(cells, items, hot=hot, folded=form.folded, only=form.mark)
    context = {
        "form": form,
        "table": drawn,
        "legend": [(mark, drawn.counts[mark]) for mark in Mark],
        "gaps": sum(drawn.counts[mark] for mark in GAPS),
        "estates": len(estates),
        "items": len(items),
        "kept": form.kept,
    }
    return render(request, "duties/matrix.html", context, status=422 if form.errors else 200)
