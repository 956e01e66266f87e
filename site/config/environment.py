"""Every setting that comes from the environment, in one place.

`read()` is called once, by the settings; a wrong value stops the start with one sentence. Nothing here knows Django.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from config import embedded
from config.placement import EmbeddedError
from config.roles import DatabaseUrls

PROJECT = Path(__file__).resolve().parents[2]
DEVELOPMENT_SECRET_KEY = "insecure-and-for-development-only-" + "0123456789abcdef" * 2
DATABASE_EXAMPLE = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
MAIL_TIMEOUT_S = 10  # a mail server that does not answer holds up a worker, or where there is none a shopper
LOG_LEVELS = ("debug", "info", "warning", "error")
LONGEST_IN_CDN_S = 600  # a change of the store's is not seen for as long
SHORTEST_TOKEN = 20  # characters
SHORTEST_SECRET_KEY = 50  # characters; below it `manage.py check --deploy` complains
FEWEST_LETTERS = 5  # different ones in a secret key; likewise
HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")

PAYPAL = {
    "live": ("https://api-m.paypal.com", "https://www.paypal.com"),
    "sandbox": ("https://api-m.sandbox.paypal.com", "https://www.sandbox.paypal.com"),
}
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d+)?")


class WrongSettingError(SystemExit):
    """One sentence that names the variable and what it should be; ends the program with it when nobody catches it."""


@dataclass(frozen=True)
class Mail:
    """Where mail goes: `console`, a `folder` of files, or an SMTP server."""

    kind: str
    folder: Path | None = None
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    start_tls: bool = False
    implicit_tls: bool = False


@dataclass(frozen=True)
class MediaFolder:
    """Uploaded files lie in a local folder."""

    path: Path


@dataclass(frozen=True)
class MediaBucket:
    """Uploaded files lie in an S3 bucket; the credentials are where boto3 looks for them (AWS_ACCESS_KEY_ID …).

    Visitors load pictures from `public`, an origin such as a CDN's, if there is one; else from the store itself.
    """

    bucket: str
    prefix: str = ""
    region: str | None = None
    endpoint: str | None = None
    public: str | None = None


@dataclass(frozen=True)
class Environment:
    """What the environment says, checked."""

    database_url: str  # as the role that serves pages and owns nothing
    database_owner_url: str | None  # as the owner of the tables: only commands that change the schema need it
    redis_url: str | None
    search_url: str | None  # of an OpenSearch; None: PostgreSQL searches
    broker_url: str | None  # Celery's; None: tasks run in process
    secret_key: str
    sealing_keys: tuple[str, ...]  # the newest first; the first seals what is secret in the database, each may open it
    platform_host: str
    mail: Mail
    default_from_email: str
    media: MediaFolder | MediaBucket
    scheme: str  # of the addresses that visitors use: http or https
    port: int  # of the same, not the one that the server listens on
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    log_format: str  # text or json
    log_level: str
    metrics_token: str | None  # None: there is no /metrics
    page_cache: str  # on, off, or tells: on, with a header on each answer that says what came of it
    cdn_seconds: int  # how long a CDN may keep what anybody sees; 0: nothing
    paypal: tuple[str, str]  # its API, and its page
    test_gateway: str | None  # the address of the gateway that ships with us; None: nobody pays by it


def read(
    environ: Mapping[str, str] = os.environ,
    *,
    production: bool = False,
    start_database: Callable[[], DatabaseUrls] = embedded.ensure_running,
) -> Environment:
    """Every setting, checked; the embedded server is started where no DATABASE_URL names another (never in production).

    In production nothing insecure is assumed: DATABASE_URL, SECRET_KEY, PLATFORM_HOST and EMAIL_URL must be set.
    Raises WrongSettingError.
    """
    values = _Values(environ, production=production)
    redis_url = values.url("REDIS_URL", ("redis", "rediss"), "redis://HOST:PORT/NUMBER")
    broker_url = values.url("BROKER_URL", ("redis", "rediss", "amqp", "amqps"), "amqp://USER:PASSWORD@HOST:PORT/VHOST")
    secret_key, platform_host = values.secret_key(), values.platform_host()
    scheme = values.choice("SCHEME", ("http", "https"), default="https" if production else "http")
    environment = partial(
        Environment,
        redis_url=redis_url,
        search_url=values.url("SEARCH_URL", ("http", "https"), "https://USER:PASSWORD@HOST:9200"),
        broker_url=broker_url or redis_url,
        secret_key=secret_key,
        sealing_keys=values.sealing_keys() or (secret_key,),
        platform_host=platform_host,
        mail=values.mail(),
        default_from_email=values.address("DEFAULT_FROM_EMAIL", default=f"stoa@{platform_host}"),
        media=values.media(),
        scheme=scheme,
        port=values.port("PORT", default={"https": 443, "http": 80}[scheme] if production else 8000),
        trusted_proxies=values.networks("TRUSTED_PROXIES"),
        log_format=values.choice("LOG_FORMAT", ("text", "json"), default="json" if production else "text"),
        log_level=values.choice("LOG_LEVEL", LOG_LEVELS, default="info" if production else "warning"),
        metrics_token=values.metrics_token(),
        page_cache=values.choice("PAGE_CACHE", ("on", "off", "tells"), default="on"),
        cdn_seconds=values.seconds("CDN_SECONDS", most=LONGEST_IN_CDN_S),
        paypal=PAYPAL[values.choice("PAYPAL", tuple(PAYPAL), default="live" if production else "sandbox")],
        test_gateway=values.test_gateway(),
    )
    database = values.database(start_database)  # last, so that a wrong value starts no server
    return environment(database_url=database.runtime, database_owner_url=database.owner)


def django_database(url: str) -> dict[str, Any]:
    """The part of a `DATABASES` entry that the address says; what follows its `?` becomes OPTIONS."""
    parts = conninfo_to_dict(url)
    names = {"HOST": "host", "PORT": "port", "NAME": "dbname", "USER": "user", "PASSWORD": "password"}
    entry: dict[str, Any] = {name: str(parts.pop(part, "")) for name, part in names.items()}
    return {**entry, "OPTIONS": parts}


def django_mail(mail: Mail) -> dict[str, Any]:
    """The settings that send mail where this says."""
    if mail.kind == "console":
        return {"EMAIL_BACKEND": "config.console_mail.EmailBackend"}
    if mail.kind == "folder":
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": mail.folder}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": mail.host,
        "EMAIL_PORT": mail.port,
        "EMAIL_HOST_USER": mail.user,
        "EMAIL_HOST_PASSWORD": mail.password,
        "EMAIL_USE_TLS": mail.start_tls,
        "EMAIL_USE_SSL": mail.implicit_tls,
        "EMAIL_TIMEOUT": MAIL_TIMEOUT_S,
    }


def django_storage(media: MediaFolder | MediaBucket) -> dict[str, Any]:
    """The entry of `STORAGES` that keeps uploaded files where this says."""
    if isinstance(media, MediaFolder):
        return {"BACKEND": "shop.stores.storage.MerchantStorage", "OPTIONS": {"location": media.path}}
    public = urlsplit(media.public or "")
    return {
        "BACKEND": "shop.stores.bucket.MerchantBucket",
        "OPTIONS": {
            "bucket_name": media.bucket,
            "location": media.prefix,
            "region_name": media.region,
            "endpoint_url": media.endpoint,
            "custom_domain": public.netloc or None,
            "url_protocol": f"{public.scheme or 'https'}:",
            "querystring_auth": False,
            "file_overwrite": False,
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
        },
    }


class _Values:
    """The environment's variables by kind; an empty one counts as missing."""

    def __init__(self, environ: Mapping[str, str], *, production: bool) -> None:
        self.environ = environ
        self.production = production

    def get(self, name: str) -> str | None:
        return self.environ.get(name, "").strip() or None

    def required(self, name: str, expected: str) -> str:
        value = self.get(name)
        if value is None:
            raise WrongSettingError(f"{name} is not set: in production it must be {expected}.")
        return value

    def wrong(self, name: str, expected: str) -> NoReturn:
        """The value itself is not repeated: it may hold a password, and logs are read by many."""
        raise WrongSettingError(f"{name} is wrong: it must be {expected}.")

    def choice(self, name: str, choices: tuple[str, ...], *, default: str) -> str:
        value = self.get(name) or default
        if value not in choices:
            self.wrong(name, " or ".join(choices))
        return value

    def port(self, name: str, *, default: int) -> int:
        value = self.get(name) or str(default)
        if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
            self.wrong(name, "a port number from 1 to 65535")
        return int(value)

    def seconds(self, name: str, *, most: int) -> int:
        value = self.get(name) or "0"
        if not (value.isascii() and value.isdigit() and int(value) <= most):
            self.wrong(name, f"a number of seconds from 0 to {most}")
        return int(value)

    def address(self, name: str, *, default: str) -> str:
        value = self.get(name) or default
        if not re.fullmatch(r"([^<>\r\n]*<)?[^@\s<>]+@[^@\s<>]+>?", value) or ("<" in value) != value.endswith(">"):
            self.wrong(name, "an address such as shop@example.com or Shop <shop@example.com>")
        return value

    def networks(self, name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        try:
            return tuple(
                ipaddress.ip_network(part.strip()) for part in (self.get(name) or "").split(",") if part.strip()
            )
        except ValueError:
            self.wrong(name, "addresses or networks with commas between, such as 10.0.0.0/8,192.0.2.7")

    def url(self, name: str, schemes: tuple[str, ...], expected: str) -> str | None:
        value = self.get(name)
        if value is not None and _split(value, schemes) is None:
            self.wrong(name, f"an address such as {expected}")
        return value

    def platform_host(self) -> str:
        expected = "a host name alone, such as platform.example.com"
        value = self.required("PLATFORM_HOST", expected) if self.production else self.get("PLATFORM_HOST")
        host = (value or "platform.localhost").lower()
        if not HOST_NAME.fullmatch(host):
            self.wrong("PLATFORM_HOST", expected)
        return host

    def secret_key(self) -> str:
        expected = f"a random text of at least {SHORTEST_SECRET_KEY} characters that nobody else has"
        if not self.production:
            return self.get("SECRET_KEY") or DEVELOPMENT_SECRET_KEY
        value = self.required("SECRET_KEY", expected)
        if (
            len(value) < SHORTEST_SECRET_KEY
            or len(set(value)) < FEWEST_LETTERS
            or value.startswith(("insecure", "django-insecure"))
        ):
            self.wrong("SECRET_KEY", expected)
        return value

    def sealing_keys(self) -> tuple[str, ...]:
        keys = tuple(part.strip() for part in (self.get("SEALING_KEYS") or "").split(",") if part.strip())
        if any(len(key) < SHORTEST_SECRET_KEY for key in keys):
            expected = (
                f"random texts of at least {SHORTEST_SECRET_KEY} characters with commas between, the newest first"
            )
            self.wrong("SEALING_KEYS", expected)
        return keys

    def mail(self) -> Mail:
        expected = "console:, file:FOLDER or smtp[+tls|+ssl]://USER:PASSWORD@HOST:PORT"
        value = self.required("EMAIL_URL", expected) if self.production else self.get("EMAIL_URL") or "console:"
        if value == "console:":
            return Mail("console")
        if value.startswith("file:") and len(value) > len("file:"):
            return Mail("folder", folder=PROJECT / value.removeprefix("file:"))
        url = _split(value, ("smtp", "smtp+tls", "smtp+ssl"))
        if url is None:
            self.wrong("EMAIL_URL", expected)
        return Mail(
            "smtp",
            host=str(url.hostname),
            port=url.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[url.scheme],
            user=unquote(url.username or ""),
            password=unquote(url.password or ""),
            start_tls=url.scheme == "smtp+tls",
            implicit_tls=url.scheme == "smtp+ssl",
        )

    def media(self) -> MediaFolder | MediaBucket:
        value = self.get("MEDIA_STORAGE") or "var/media"
        if "://" not in value:
            return MediaFolder(PROJECT / value)
        url = _split(value, ("s3",))
        options = dict(parse_qsl(url.query)) if url else {}
        public = options.get("public")
        is_wrong = url is None or not options.keys() <= {"region", "endpoint", "public"}
        if url is None or is_wrong or (public and not ORIGIN.fullmatch(public)):
            self.wrong(
                "MEDIA_STORAGE", "a folder, or s3://BUCKET/PREFIX?region=REGION&endpoint=URL&public=https://HOST"
            )
        region, endpoint = options.get("region"), options.get("endpoint")
        return MediaBucket(str(url.hostname), url.path.strip("/"), region, endpoint, public)

    def metrics_token(self) -> str | None:
        """The workers of one server add their numbers up in a folder that prometheus_client itself looks for."""
        token = self.get("METRICS_TOKEN")
        if token is None:
            return None
        if len(token) < SHORTEST_TOKEN:
            self.wrong("METRICS_TOKEN", f"a random text of at least {SHORTEST_TOKEN} characters")
        folder = self.get("PROMETHEUS_MULTIPROC_DIR")
        if folder is None or not Path(folder).is_dir():
            self.wrong(
                "PROMETHEUS_MULTIPROC_DIR", "an existing folder, emptied at each start, where METRICS_TOKEN is set"
            )
        return token

    def test_gateway(self) -> str | None:
        """In production only where somebody insists: whoever pays by it pays nothing."""
        port = self.port("PORT", default=8000) + 1
        default = None if self.production else f"http://127.0.0.1:{port}"
        value = self.get("TEST_GATEWAY_URL") or default
        if value is not None and not ORIGIN.fullmatch(value):
            self.wrong("TEST_GATEWAY_URL", "an origin such as http://127.0.0.1:8001")
        return value

    def database(self, start: Callable[[], DatabaseUrls]) -> DatabaseUrls:
        runtime = self._database("DATABASE_URL")
        owner = self._database("DATABASE_OWNER_URL")
        if runtime is not None:
            return DatabaseUrls(owner=owner, runtime=runtime)
        if owner is not None:
            raise WrongSettingError("DATABASE_OWNER_URL is set without DATABASE_URL: set both, or neither.")
        if self.production:
            self.required("DATABASE_URL", f"an address such as {DATABASE_EXAMPLE}")
        try:
            return start()
        except EmbeddedError as error:
            raise WrongSettingError(str(error)) from error

    def _database(self, name: str) -> str | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            parts = conninfo_to_dict(value) if value.startswith(("postgresql://", "postgres://")) else {}
        except psycopg.Error:
            parts = {}
        if not (parts.get("user") and parts.get("dbname")):
            self.wrong(name, f"an address such as {DATABASE_EXAMPLE}")
        return value


def _split(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """The parts of an address with one of the schemes and a host, or None."""
    try:
        url = urlsplit(value)
        valid = url.scheme in schemes and url.netloc and (url.port is None or url.port > 0)
    except ValueError:
        return None
    return url if valid else None
