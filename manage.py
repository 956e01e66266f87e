#!/usr/bin/env python
"""Django's command line, with `site/` (which holds the package `config`) on the path."""

import os
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).parent / "site"))

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
