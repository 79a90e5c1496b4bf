"""What a web server runs."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from settle_gov.broker_check import require_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settle_gov.settings")

application = get_wsgi_application()
require_broker()
import_module(settings.ROOT_URLCONF)  # all pages now, not at the first request: a broken one then stops the start
