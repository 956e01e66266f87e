"""Every setting from the environment: its default, its values, and the sentence when it is wrong."""

import ipaddress
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import (
    PROJECT,
    Environment,
    Mail,
    MediaBucket,
    MediaFolder,
    WrongSettingError,
    django_database,
    django_mail,
    read,
)
from config.placement import EmbeddedError
from config.roles import DatabaseUrls

EMBEDDED = DatabaseUrls(owner="postgresql://o:1@127.0.0.1:5/stoa", runtime="postgresql://r:2@127.0.0.1:5/stoa")
PRODUCTION = {
    "DATABASE_URL": "postgresql://stoa_runtime:secret@db.example.com:5432/stoa",
    "SECRET_KEY": "k3Zq9" * 10,
    "PLATFORM_HOST": "platform.example.com",
    "EMAIL_URL": "smtp+tls://mailer:p%40ss@smtp.example.com",
}


def read_development(**environ: str) -> Environment:
    return read(environ, start_database=lambda: EMBEDDED)


def start_nothing() -> DatabaseUrls:
    raise AssertionError("the embedded server was started")


def test_an_empty_environment_is_a_working_development_environment() -> None:
    environment = read_development()

    assert environment.database_url == EMBEDDED.runtime
    assert environment.database_owner_url == EMBEDDED.owner
    assert (environment.redis_url, environment.broker_url) == (None, None)
    assert environment.platform_host == "platform.localhost"
    assert environment.mail == Mail("console")
    assert environment.default_from_email == "stoa@platform.localhost"
    assert environment.media == MediaFolder(PROJECT / "var/media")
    assert (environment.scheme, environment.port, environment.log_format) == ("http", 8000, "text")
    assert environment.trusted_proxies == ()
    assert (environment.log_level, environment.metrics_token) == ("warning", None)


def test_production_reads_what_it_is_told_and_starts_no_server() -> None:
    environment = read(PRODUCTION, production=True, start_database=start_nothing)

    assert environment.database_url == PRODUCTION["DATABASE_URL"]
    assert environment.database_owner_url is None
    assert environment.secret_key == PRODUCTION["SECRET_KEY"]
    assert environment.mail == Mail(
        "smtp", host="smtp.example.com", port=587, user="mailer", password="p@ss", start_tls=True
    )
    assert (environment.scheme, environment.port) == ("https", 443)
    assert (environment.log_format, environment.log_level) == ("json", "info")


@pytest.mark.parametrize("name", sorted(PRODUCTION))
def test_production_refuses_to_start_without(name: str) -> None:
    environ = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(WrongSettingError, match=f"^{name} is not set: in production it must be ") as refusal:
        read(environ, production=True, start_database=start_nothing)

    assert str(refusal.value).count("\n") == 0


@pytest.mark.parametrize("key", ["short", "k3" * 25, "insecure" + "x" * 60, "django-insecure-" + "x" * 60])
def test_production_refuses_a_secret_key_that_is_no_secret(key: str) -> None:
    with pytest.raises(WrongSettingError, match=r"^SECRET_KEY is wrong: it must be a random text"):
        read({**PRODUCTION, "SECRET_KEY": key}, production=True, start_database=start_nothing)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://user:secret@host/stoa"),
        ("DATABASE_URL", "stoa"),
        ("DATABASE_URL", "postgresql://host/stoa"),
        ("DATABASE_URL", "postgresql://user:secret@host:54x32/"),
        ("DATABASE_URL", "postgresql://user:secret@host/stoa?no_such_option=1"),
        ("DATABASE_OWNER_URL", "sqlite:///stoa.db"),
        ("REDIS_URL", "foo"),
        ("SEARCH_URL", "opensearch://localhost:9200"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://localhost:secret"),
        ("BROKER_URL", "kafka://localhost"),
        ("PLATFORM_HOST", "https://platform.example.com"),
        ("PLATFORM_HOST", "platform.example.com:8000"),
        ("PLATFORM_HOST", "-platform.example.com"),
        ("EMAIL_URL", "smtp.example.com"),
        ("EMAIL_URL", "file:"),
        ("DEFAULT_FROM_EMAIL", "nobody"),
        ("DEFAULT_FROM_EMAIL", "Shop <shop@example.com"),
        ("DEFAULT_FROM_EMAIL", "shop@example.com\nBcc: secret@example.com"),
        ("MEDIA_STORAGE", "ftp://example.com/media"),
        ("MEDIA_STORAGE", "s3://bucket?secret=1"),
        ("MEDIA_STORAGE", "s3://bucket?public=cdn.example.com; script-src *"),
        ("SCHEME", "gopher"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "²"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy.example.com"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("CDN_SECONDS", "a minute"),
        ("CDN_SECONDS", "601"),
        ("CDN_SECONDS", "-1"),
        ("METRICS_TOKEN", "secret"),
        ("SEALING_KEYS", "k3Zq9" * 10 + ",secret"),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_keeps_it_secret(name: str, value: str) -> None:
    database = {"DATABASE_URL": "postgresql://stoa_runtime:x@localhost/stoa"}

    with pytest.raises(WrongSettingError, match=f"^{name} is wrong: it must be ") as refusal:
        read({**database, name: value}, start_database=start_nothing)

    assert "secret" not in str(refusal.value)
    assert str(refusal.value).endswith(".")


def test_what_is_secret_is_sealed_by_keys_of_its_own_or_by_the_secret_key() -> None:
    newest, older = "k3Zq9" * 10, "p7Lw2" * 10

    assert read(PRODUCTION, production=True).sealing_keys == (PRODUCTION["SECRET_KEY"],)
    assert read_development(SEALING_KEYS=f"{newest}, {older}").sealing_keys == (newest, older)


def test_an_owner_needs_a_runtime_role_beside_it() -> None:
    with pytest.raises(WrongSettingError, match=r"^DATABASE_OWNER_URL is set without DATABASE_URL"):
        read({"DATABASE_OWNER_URL": "postgresql://o:1@localhost/stoa"}, start_database=start_nothing)


def test_a_server_that_cannot_start_stops_the_program_with_its_sentence() -> None:
    def fail() -> DatabaseUrls:
        raise EmbeddedError("The disk is full.")

    with pytest.raises(SystemExit, match=r"^The disk is full\.$"):
        read({}, start_database=fail)


def test_a_wrong_value_ends_the_program_without_a_traceback() -> None:
    program = "from config.environment import read; read()"

    result = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(PROJECT / "site"), "DATABASE_URL": "mysql://host/stoa"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 1
    assert result.stderr == (
        "DATABASE_URL is wrong: it must be an address such as postgresql://USER:PASSWORD@HOST:PORT/DATABASE.\n"
    )


def test_an_empty_variable_counts_as_missing() -> None:
    assert read_development(REDIS_URL="", PORT=" ") == read_development()


def test_celery_uses_redis_unless_it_has_a_broker_of_its_own() -> None:
    redis, rabbit = "redis://localhost:6379/0", "amqp://guest:guest@localhost:5672//"

    assert read_development(REDIS_URL=redis).broker_url == redis
    assert read_development(REDIS_URL=redis, BROKER_URL=rabbit).broker_url == rabbit


def test_proxies_are_networks() -> None:
    assert read_development(TRUSTED_PROXIES="10.0.0.0/8, ::1").trusted_proxies == (
        ipaddress.ip_network("10.0.0.0/8"),
        ipaddress.ip_network("::1"),
    )


def test_media_lie_in_a_folder_of_the_project_or_anywhere_or_in_a_bucket() -> None:
    bucket = "s3://stoa-media/uploads?region=eu-west-2&endpoint=https://objects.example.com"

    assert read_development(MEDIA_STORAGE="uploads").media == MediaFolder(PROJECT / "uploads")
    assert read_development(MEDIA_STORAGE="/srv/media").media == MediaFolder(Path("/srv/media"))
    assert read_development(MEDIA_STORAGE=bucket).media == MediaBucket(
        "stoa-media", "uploads", "eu-west-2", "https://objects.example.com"
    )
    assert read_development(MEDIA_STORAGE="s3://stoa-media?public=https://cdn.example.com").media == MediaBucket(
        "stoa-media", public="https://cdn.example.com"
    )


def test_metrics_need_a_folder_that_the_workers_share(tmp_path: Path) -> None:
    environ = {"METRICS_TOKEN": "a-token-for-prometheus-alone"}

    with pytest.raises(WrongSettingError, match=r"^PROMETHEUS_MULTIPROC_DIR is wrong: it must be an existing folder"):
        read_development(**environ)
    with pytest.raises(WrongSettingError, match=r"^PROMETHEUS_MULTIPROC_DIR is wrong: it must be an existing folder"):
        read_development(**environ, PROMETHEUS_MULTIPROC_DIR=str(tmp_path / "nowhere"))

    environment = read_development(**environ, PROMETHEUS_MULTIPROC_DIR=str(tmp_path))
    assert environment.metrics_token == "a-token-for-prometheus-alone"


def test_mail_goes_to_a_folder_or_over_implicit_tls() -> None:
    assert read_development(EMAIL_URL="file:var/mail").mail == Mail("folder", folder=PROJECT / "var/mail")
    assert read_development(EMAIL_URL="smtp+ssl://mx.example.com").mail == Mail(
        "smtp", host="mx.example.com", port=465, implicit_tls=True
    )


def test_a_database_address_becomes_djangos_entry() -> None:
    url = "postgresql://stoa_runtime:p%40ss@db.example.com:6432/stoa?sslmode=require&connect_timeout=3"

    assert django_database(url) == {
        "HOST": "db.example.com",
        "PORT": "6432",
        "NAME": "stoa",
        "USER": "stoa_runtime",
        "PASSWORD": "p@ss",
        "OPTIONS": {"sslmode": "require", "connect_timeout": "3"},
    }


def test_a_database_may_be_reached_through_a_unix_socket() -> None:
    url = "postgresql:///stoa?host=/run/postgresql&user=stoa_runtime"

    environment = read({"DATABASE_URL": url}, start_database=start_nothing)

    assert environment.database_url == url
    assert django_database(url)["HOST"] == "/run/postgresql"


def test_mail_becomes_djangos_settings() -> None:
    backends = "django.core.mail.backends"

    assert django_mail(Mail("console")) == {"EMAIL_BACKEND": "config.console_mail.EmailBackend"}
    assert django_mail(Mail("folder", folder=Path("/srv/mail"))) == {
        "EMAIL_BACKEND": f"{backends}.filebased.EmailBackend",
        "EMAIL_FILE_PATH": Path("/srv/mail"),
    }
    assert django_mail(Mail("smtp", host="mx.example.com", port=587, user="mailer", password="p", start_tls=True)) == {
        "EMAIL_BACKEND": f"{backends}.smtp.EmailBackend",
        "EMAIL_HOST": "mx.example.com",
        "EMAIL_PORT": 587,
        "EMAIL_HOST_USER": "mailer",
        "EMAIL_HOST_PASSWORD": "p",
        "EMAIL_USE_TLS": True,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 10,
    }
