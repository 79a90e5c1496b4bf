"""Every address of the site; each app lists its own."""

from django.contrib import admin
from django.urls import path

from settle_gov.web import health

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/health/", health.health, name="health"),
    path("api/v1/ready/", health.ready, name="ready"),
]
