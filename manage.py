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
        translation.activate(terminal_language(os.environ))
        execute_from_command_line(sys.argv)
    except EnvError as error:  # a wrong or missing variable is for whoever set it, not for a programmer
        sys.exit(str(error))
