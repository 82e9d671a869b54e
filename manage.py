#!/usr/bin/env python
"""Django's command line. A mistake in a definition is told as one sentence, with file, code and key."""

import os
import sys

from surveys.questionnaires.tables import DefinitionError

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wsob.settings")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except DefinitionError as error:
        sys.exit(f"Deze definitie klopt niet: {error}")
