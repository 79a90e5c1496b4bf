"""The addresses of cases."""

from django.urls import path

from cases.views.act_on_case import act_on_case
from cases.views.list_cases import list_cases
from cases.views.log_case import log
from cases.views.reveal_reporter import reveal
from cases.views.show_case import show_case
from cases.views.show_file import show_file

app_name = "cases"

# /cases/
urlpatterns = [
    path("", list_cases, name="list"),
    path("new/", log, name="new"),
    path("<slug:number>/", show_case, name="detail"),
    path("<slug:number>/reporter/", reveal, name="reporter"),
    path("<slug:number>/files/<int:pk>/", show_file, name="file"),
    path("<slug:number>/actions/<slug:action>/", act_on_case, name="act"),
]
