"""Every address of the site; each app lists its own."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path, re_path, register_converter
from django.views.i18n import set_language

from cases.views.desk import desk
from settle_gov.api.unknown import Unknown
from settle_gov.web import (
    account,
    figures,
    gallery,
    home,
    inbox,
    installed,
    jobs,
    notices,
    preferences,
    sign_in,
    tokens,
)
from settle_gov.web.duties import cell, drifts, duty_list, gaps, matrix, records, what_if
from settle_gov.web.duties.item_code import ItemCode
from settle_gov.web.parties import listing, party
from settle_gov.web.rules import deadlines, fired, rules, steps, work_calendar

handler400 = "settle_gov.web.errors.bad_request"

# /
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("worker.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
    path("theme/", preferences.choose_theme, name="theme"),
    path("me/", account.me, name="me"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke, name="tokens-revoke"),
    path("me/act-for/", account.act_for, name="act-for"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("figures/", figures.show_figures, name="figures"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("admin/", admin.site.urls),
]

# /desk/, /cases/
urlpatterns += [path("desk/", desk, name="desk"), path("cases/", include("cases.urls"))]

# /duties/
register_converter(ItemCode, "item")
duties_urlpatterns = [
    path("", matrix.matrix, name="matrix"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/export/", gaps.export, name="gaps-export"),
    path("drifts/", drifts.drifts, name="drifts"),
    path("drifts/mend/", drifts.mend, name="drifts-mend"),
    path("import/", duty_list.send, name="import"),
    path("import/template/<slug:kind>/", duty_list.template, name="import-template"),
    path("import/<uuid:reference>/", duty_list.show, name="import-list"),
    path("import/<uuid:reference>/refused/", duty_list.refused, name="import-refused"),
    path("import/<uuid:reference>/file/", duty_list.original, name="import-file"),
    path("what-if/", what_if.what_if, name="what-if"),
    path("mandates/new/", records.record, name="record"),
    path("mandates/<int:pk>/end/", records.end, name="end"),
    path("mandates/<int:pk>/withdraw/", records.withdraw, name="withdraw"),
    path("rulings/<int:pk>/withdraw/", records.take_back, name="withdraw-ruling"),
    path("<slug:estate_code>/<item:item_code>/", cell.cell, name="cell"),
]
urlpatterns += [path("duties/", include((duties_urlpatterns, "duties")))]

# /parties/
parties_urlpatterns = [path("", listing.listing, name="list"), path("<slug:code>/", party.party, name="party")]
urlpatterns += [path("parties/", include((parties_urlpatterns, "parties")))]

# /rules/
rules_urlpatterns = [
    path("", rules.rules, name="list"),
    path("dry-run/", fired.would_fire, name="dry-run"),
    path("steps/new/", steps.add, name="add-step"),
    path("steps/<int:pk>/change/", steps.change, name="change-step"),
    path("steps/<int:pk>/switch/", steps.switch, name="switch-step"),
    path("steps/<int:pk>/fired/", fired.fired, name="fired"),
    path("deadlines/new/", deadlines.add, name="add-deadline"),
    path("deadlines/<int:pk>/change/", deadlines.change, name="change-deadline"),
    path("deadlines/<int:pk>/remove/", deadlines.remove, name="remove-deadline"),
    path("work-calendar/", work_calendar.work_calendar, name="work-calendar"),
    path("work-calendar/<int:year>/confirm/", work_calendar.confirm, name="confirm-year"),
    path("work-calendar/<int:year>/withdraw/", work_calendar.withdraw, name="withdraw-year"),
]
urlpatterns += [path("rules/", include((rules_urlpatterns, "rules")))]

# /api/
urlpatterns += [path("api/", include("settle_gov.api.urls"))]

# /open311/
urlpatterns += [
    path("open311/v2/", include("settle_gov.api.open311")),
    re_path("^open311/", Unknown.as_view(), name="open311-unknown"),
]

# /components/
if settings.DEBUG:
    urlpatterns += [path("components/", gallery.gallery, name="components")]

handler400 = "settle_gov.api.faults.bad_request"
handler500 = "settle_gov.api.faults.server_error"
