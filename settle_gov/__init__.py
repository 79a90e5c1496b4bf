"""The project: wiring only, no rules of the field."""

from settle_gov.celery import app as celery_app

__all__ = ["celery_app"]
