"""Registers the project itself, for its management commands and templates."""

from importlib import import_module

from django.apps import AppConfig


class SettleGovConfig(AppConfig):
    name = "settle_gov"
    verbose_name = "settle_gov"

    def ready(self) -> None:
        """Register the check of the project."""
        import_module("settle_gov.broker_check")
