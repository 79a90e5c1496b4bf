"""The Celery application; its settings are the CELERY_ ones of settings.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

from settle_gov.broker_check import require_broker
from settle_gov.garbage import collect_seldom
from settle_gov.lifeline import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settle_gov.settings")

app = Celery("settle_gov")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_to_work_for_nobody(**_info: Any) -> None:
    """A worker or beat without a broker would wait in silence for ever."""
    try:
        require_broker()
    except ImproperlyConfigured as refusal:  # the signal would only log it and go on
        raise SystemExit(str(refusal)) from refusal


@worker_process_init.connect
def end_with_the_worker(**_info: Any) -> None:
    """A process of the pool whose worker was killed would go on unseen, while its task is given to another."""
    die_with(os.getppid())


@worker_process_init.connect
def look_seldom_for_garbage(**_info: Any) -> None:
    """Sweeps make many objects, and what is loaded by now stays."""
    collect_seldom()
