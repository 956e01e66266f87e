"""What a web process loads before anybody asks it for anything."""

import os
import subprocess
import sys

from tests.config.test_production import PRODUCTION
from tests.conftest import PROJECT

HEAVY = ("aiohttp", "boto3", "openpyxl", "psutil", "qrcode", "stripe")
"""Each takes one to twelve megabytes, in each worker, and is for what few requests do."""

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
"""A process that serves the tests' own database would listen to it, and let this one remember what is rolled back."""

STARTED = """
import os, sys
sys.path.insert(0, "site")
import config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns  # as the first request does
print(*{name.partition(".")[0] for name in sys.modules}, flush=True)
os._exit(0)
"""


def test_a_started_web_process_has_loaded_only_what_pages_need():
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": NOWHERE, **PRODUCTION}

    command = [sys.executable, "-c", STARTED]
    told = subprocess.run(command, cwd=PROJECT, env=environ, check=True, capture_output=True, text=True).stdout

    loaded = set(told.split())
    assert {"config", "shop", "cms_pages", "wagtail", "oscar"} <= loaded
    assert loaded.isdisjoint(HEAVY)
