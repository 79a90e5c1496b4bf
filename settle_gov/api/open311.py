"""Where GeoReport v2 is on the site, who may ask, and how often."""

from typing import Any

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from cases.api.open311 import views
from settle_gov.api.authentication import ApiKeyAuthentication
from settle_gov.api.throttling import AnybodyLimit

app_name = "open311"


class Ending(StringConverter):
    """The two formats."""

    regex = "xml|json"


register_converter(Ending, "open311")
HOW: dict[str, Any] = {"authentication_classes": (ApiKeyAuthentication,), "throttle_classes": (AnybodyLimit,)}
# /open311/v2/
urlpatterns = [
    path("discovery.<open311:format>", views.Discovery.as_view(**HOW), name="discovery"),
    path("services.<open311:format>", views.Services.as_view(**HOW), name="services"),
    path("services/<str:code>.<open311:format>", views.Service.as_view(**HOW), name="service"),
    path("requests.<open311:format>", views.Requests.as_view(**HOW), name="requests"),
    path("requests/<case_number:number>.<open311:format>", views.OneRequest.as_view(**HOW), name="request"),
    path("tokens/<case_number:number>.<open311:format>", views.Tokens.as_view(**HOW), name="token"),
    path("<path:elsewhere>.<open311:format>", views.Nowhere.as_view(**HOW), name="nowhere"),
]
