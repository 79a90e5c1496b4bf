"""Every address of the site; each app lists its own."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import set_language

from settle_gov.web import account, home, inbox, notices, preferences, sign_in

# /
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("theme/", preferences.choose_theme, name="theme"),
    path("me/", account.me, name="me"),
    path("me/act-for/", account.act_for, name="act-for"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.mark_read, name="notices-read"),
    path("admin/", admin.site.urls),
]

urlpatterns += [path("api/", include("settle_gov.api.urls"))]
