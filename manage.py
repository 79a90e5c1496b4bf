#!/usr/bin/env python
"""Run a management command of settle_gov."""

import os
import sys

import django
from django.core.management import execute_from_command_line
from django.utils import translation
from environs import EnvError

from settle_gov.terminal_language import terminal_language

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settle_gov.settings")
    try:
        django.setup()  # what translations need
    except (EnvError, PermissionError) as error:  # for whoever set a variable, not for a programmer
        sys.exit(str(error))
    translation.activate(terminal_language(os.environ))
    execute_from_command_line(sys.argv)
