"""What a web process loads before anybody asks it for anything."""

import os
import subprocess
import sys

import pytest

from tests.config.test_production import PRODUCTION, database_url
from tests.conftest import PROJECT

HEAVY = ("aiohttp", "boto3", "openpyxl", "psutil", "qrcode", "stripe")
"""Each takes one to twelve megabytes, in each worker, and is for what few requests do."""

STARTED = """
import os, sys
sys.path.insert(0, "site")
import config.wsgi
from django.urls import get_resolver
get_resolver().url_patterns  # as the first request does
print(*{name.partition(".")[0] for name in sys.modules}, flush=True)
os._exit(0)
"""


@pytest.mark.django_db
def test_a_started_web_process_has_loaded_only_what_pages_need():
    environ = {"PATH": os.environ["PATH"], "DATABASE_URL": database_url(), **PRODUCTION}

    command = [sys.executable, "-c", STARTED]
    told = subprocess.run(command, cwd=PROJECT, env=environ, check=True, capture_output=True, text=True).stdout

    loaded = set(told.split())
    assert {"config", "shop", "cms_pages", "wagtail", "oscar"} <= loaded
    assert loaded.isdisjoint(HEAVY)
