"""Every address of the site; each app lists its own."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path, re_path, register_converter
from django.views.generic import RedirectView
from django.views.i18n import set_language

from cases.views.desk import desk, sign_for_chosen
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
    password,
    preferences,
    sign_in,
    tokens,
    two_factor,
)
from settle_gov.web.duties import cell, drifts, duty_list, gaps, matrix, records, what_if
from settle_gov.web.duties.item_code import ItemCode
from settle_gov.web.parties import listing, party
from settle_gov.web.rules import deadlines, fired, rules, steps, work_calendar
from settle_gov.web.search import page as search_page

handler400 = "settle_gov.web.errors.bad_request"

# /
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),  # as allauth calls it
    path("sign-in/code/", sign_in.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("worker.js", installed.worker, name="worker"),
    path("offline/", installed.offline, name="offline"),
    path("theme/", preferences.choose_theme, name="theme"),
    path("keys/", preferences.choose_keys, name="keys"),
    path("me/", account.me, name="me"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/<int:pk>/revoke/", tokens.revoke, name="tokens-revoke"),
    path("me/password/", password.password, name="password"),
    path("me/two-factor/", two_factor.two_factor, name="two-factor"),
    path("me/two-factor/on/", two_factor.turn_on, name="two-factor-on"),
    path("me/two-factor/codes/", two_factor.draw_codes, name="two-factor-codes"),
    path("me/two-factor/off/", two_factor.turn_off, name="two-factor-off"),
    path("me/act-for/", account.act_for, name="act-for"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("search/", search_page.search, name="search"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("figures/", figures.show_figures, name="figures"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("admin/login/", sign_in.admin_door, name="admin-sign-in"),
    path("admin/logout/", sign_in.sign_out, name="admin-sign-out"),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password"), name="admin-password"),
    path("admin/", admin.site.urls),
]

# /desk/, /cases/
urlpatterns += [
    path("desk/", desk, name="desk"),
    path("desk/sign/", sign_for_chosen, name="desk-sign"),
    path("cases/", include("cases.urls")),
]

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
