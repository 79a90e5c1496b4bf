"""The Celery application; its settings are the CELERY_ ones of settings.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

from settle_gov.lifeline import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settle_gov.settings")

app = Celery("settle_gov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def end_with_the_worker(**_info: Any) -> None:
    """A process of the pool whose worker was killed would go on unseen, while its task is given to another."""
    die_with(os.getppid())
