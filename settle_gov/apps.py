"""Registers the project itself, for its management commands and templates."""

from django.apps import AppConfig


class SettleGovConfig(AppConfig):
    name = "settle_gov"
    verbose_name = "settle_gov"
