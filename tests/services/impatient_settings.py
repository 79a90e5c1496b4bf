"""The settings, but that the broker delivers a task again when it is not done within a second."""

from settle_gov.settings import *  # noqa: F403
from settle_gov.settings import CELERY_BROKER_TRANSPORT_OPTIONS

CELERY_BROKER_TRANSPORT_OPTIONS |= {
    "visibility_timeout": 1,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
