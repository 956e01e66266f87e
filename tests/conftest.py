"""The test database and the cast.

The owner builds one template (migrated, planned, and founded) and keeps it between runs; each worker gets a clone, with
the cast in it, and connects to it as the application's role, which owns nothing and so could not empty a table. What a
test writes is rolled back; a test that must commit takes `own_database`, which is empty.
"""

import gc
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from psycopg import sql

from config.messages import compile_stale
from shop.prover import scratch
from shop.stores.models import Merchant, Store
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope
from tests.cast import cast_merchant

PROJECT = Path(__file__).resolve().parents[1]
CAST = ("aurora", "lumen")
OBJECTS_BETWEEN_COLLECTIONS = 50_000
# How fast the machine is just now says nothing of what is tested.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")
pytest_plugins = ["tests.services", "tests.paying", "tests.committing"]


def pytest_configure(config: pytest.Config) -> None:
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
    if not hasattr(config, "workerinput"):  # once, before the workers
        compile_stale(settings.LOCALE_PATHS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker ends with it while the other has nothing to do."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_collection_finish() -> None:
    """Half a million objects live as long as the run: to look through them for garbage took a quarter of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any, worker_id: str) -> Iterator[None]:
    """A clone of the template for this worker, with the cast."""
    with django_db_blocker.unblock(), _clone(f"test_stoa_{worker_id}_{os.getpid()}"):
        for slug in CAST:
            cast_merchant(slug)
        yield


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    """Merchants have the same ids in each test, and other rows."""
    cache.clear()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own for a test that commits; gives its name."""
    with django_db_blocker.unblock(), _clone(f"test_stoa_own_{os.getpid()}") as name:
        yield name


@pytest.fixture(scope="session")
def admin_url() -> str:
    """How to reach the tests' PostgreSQL as its superuser."""
    if os.environ.get("DATABASE_ADMIN_URL"):
        return os.environ["DATABASE_ADMIN_URL"]
    pytest.skip("DATABASE_URL names a server, and no DATABASE_ADMIN_URL its administrator")


@pytest.fixture
def aurora(db: None) -> Merchant:
    """A merchant; `aurora_store` is its store."""
    return _cast("aurora")


@pytest.fixture
def lumen(db: None) -> Merchant:
    """The other merchant."""
    return _cast("lumen")


@pytest.fixture
def in_aurora(aurora: Merchant) -> Iterator[Merchant]:
    """The test runs in the scope of aurora."""
    with merchant_scope(aurora.pk):
        yield aurora


@pytest.fixture
def aurora_store(in_aurora: Merchant) -> Store:
    return Store.objects.select_related("site__root_page").get()


def _cast(slug: str) -> Merchant:
    with merchant_scope(PLATFORM_MERCHANT_ID):
        return Merchant.objects.get(slug=slug)


@contextmanager
def _clone(name: str) -> Iterator[str]:
    scratch.clone(ensure_template(), name)
    with scratch.using(name):
        yield name
    scratch.drop(name)


def ensure_template() -> str:
    """The name of the template for the code as it is; built when missing, one process at a time."""
    name = f"stoa_template_{_fingerprint()}"
    with scratch.owner_session() as owner:
        owner.execute("SELECT pg_advisory_lock(hashtext('stoa.template'))")
        if not owner.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            stale = owner.execute("SELECT datname FROM pg_database WHERE datname ~ '^stoa_template_'").fetchall()
            for (other,) in stale:
                scratch.drop(other)
            scratch.build(f"{name}_unfinished")
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            owner.execute(rename.format(sql.Identifier(f"{name}_unfinished"), sql.Identifier(name)))
    return name


def _fingerprint() -> str:
    """Of all that a migrated database is made from."""
    sources = [PROJECT / "requirements.txt"]
    sources += [
        path for folder in ("shop", "cms_pages", "fixtures") for path in (PROJECT / folder).glob("**/migrations/*.py")
    ]
    sources += [
        PROJECT / "shop/stores" / name
        for name in ("actions.py", "catalog.py", "migrating.py", "models.py", "tenancy.py")
    ]
    sources += [PROJECT / "shop/versions" / name for name in ("plan.py", "tables.py")]
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    for path in sorted(sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
