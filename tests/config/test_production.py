"""The settings of a public installation, as its own processes read them."""

import os
import subprocess
import sys
from urllib.parse import quote

import pytest
from django.conf import settings

from config.environment import PROJECT

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "k3Zq9" * 10,
    "PLATFORM_HOST": "platform.example.com",
    "EMAIL_URL": "smtp://mx.example.com",
}


def database_url() -> str:
    """Of the tests' database."""
    entry = settings.DATABASES["default"]
    return f"postgresql://{entry['USER']}:{quote(entry['PASSWORD'])}@{entry['HOST']}:{entry['PORT']}/{entry['NAME']}"


def manage(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command in production, connected to the tests' database."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": database_url(), **PRODUCTION, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db
def test_the_deployment_checks_find_nothing():
    result = manage("check", "--deploy", "--database", "default", "--fail-level", "WARNING")

    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "System check identified no issues (2 silenced).\n"


def test_a_wrong_value_stops_the_start_with_one_sentence():
    result = manage("check", REDIS_URL="http://cache")

    assert result.returncode == 1
    assert result.stderr == "REDIS_URL is wrong: it must be an address such as redis://HOST:PORT/NUMBER.\n"


def test_every_cookie_stays_on_encrypted_connections():
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "OSCAR_BASKET_COOKIE_SECURE")
    program = f"from django.conf import settings as s; print([getattr(s, name) for name in {names}])"

    assert manage("shell", "--no-imports", "-c", program).stdout == "[True, True, True]\n"


def test_no_neighbour_below_the_same_domain_can_plant_a_session():
    program = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"

    assert manage("shell", "--no-imports", "-c", program).stdout == "__Host-sessionid __Host-csrftoken\n"
