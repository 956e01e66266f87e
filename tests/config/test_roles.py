"""The two roles and their database, on the clone's server and on any other."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from config.roles import EXTENSIONS, RolesError, prepare

pytestmark = pytest.mark.data


@dataclass(frozen=True)
class Trial:
    """Two roles and their database, none of which exists yet."""

    name: str
    place: str

    @property
    def owner(self) -> str:
        return f"postgresql://{self.name}_owner:one@{self.place}"

    @property
    def runtime(self) -> str:
        return f"postgresql://{self.name}_runtime:two@{self.place}"

    def prepare(self, admin_url: str) -> None:
        prepare(admin_url, owner_url=self.owner, runtime_url=self.runtime)


@pytest.fixture
def trial(admin_url: str) -> Iterator[Trial]:
    name = f"trial_{secrets.token_hex(6)}"
    server = conninfo_to_dict(admin_url)
    yield Trial(name, f"{server['host']}:{server['port']}/{name}")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        for role in (f"{name}_owner", f"{name}_runtime", f"{name}_manager"):
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def one(url: str, query: str, *parameters: object) -> tuple[Any, ...]:
    with psycopg.connect(url) as connection:
        row = connection.execute(query, parameters).fetchone()
    assert row
    return row


def attributes(admin_url: str, role: str) -> tuple[Any, ...]:
    query = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s"
    return one(admin_url, query, role)


def test_the_roles_can_do_what_they_must_and_no_more(admin_url: str, trial: Trial) -> None:
    trial.prepare(admin_url)

    assert attributes(admin_url, f"{trial.name}_owner") == (False, False, False, True)
    assert attributes(admin_url, f"{trial.name}_runtime") == (False, False, False, False)
    owns = "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
    assert one(trial.owner, owns) == (True,)
    privileges = "SELECT has_schema_privilege('public', 'CREATE'), has_schema_privilege('public', 'USAGE')"
    assert one(trial.runtime, privileges) == (False, True)


def test_the_database_is_unicode_in_code_point_order_with_its_extensions(admin_url: str, trial: Trial) -> None:
    trial.prepare(admin_url)

    assert one(trial.runtime, "SHOW server_encoding") == ("UTF8",)
    assert one(trial.runtime, "SELECT array_agg(x ORDER BY x) FROM unnest(ARRAY['b', 'ä', 'B', 'a']) x") == (
        ["B", "a", "b", "ä"],
    )
    assert one(trial.runtime, "SELECT upper('ä'), 'Ä' ~* 'ä'") == ("Ä", True)
    installed = "SELECT count(*) FROM pg_extension WHERE extname = ANY(%s)"
    assert one(trial.runtime, installed, list(EXTENSIONS)) == (len(EXTENSIONS),)


def test_preparing_twice_changes_nothing_but_the_passwords(admin_url: str, trial: Trial) -> None:
    trial.prepare(admin_url)
    with psycopg.connect(trial.owner) as connection:
        connection.execute("CREATE TABLE kept ()")
    changed = trial.owner.replace(":one@", ":new@")

    prepare(admin_url, owner_url=changed, runtime_url=trial.runtime)

    assert one(changed, "SELECT to_regclass('kept') IS NOT NULL") == (True,)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        one(trial.owner, "SELECT 1")


def test_a_manager_who_is_no_superuser_can_prepare_a_managed_server(admin_url: str, trial: Trial) -> None:
    name = f"{trial.name}_manager"
    with psycopg.connect(admin_url, autocommit=True) as connection:
        statement = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE CREATEDB PASSWORD 'three'").format(sql.Identifier(name))
        connection.execute(statement)

    trial.prepare(make_conninfo(admin_url, user=name, password="three"))

    assert attributes(admin_url, f"{trial.name}_owner") == (False, False, False, True)
    assert one(trial.runtime, "SELECT count(*) FROM pg_extension WHERE extname = ANY(%s)", list(EXTENSIONS)) == (
        len(EXTENSIONS),
    )


def test_a_role_that_looks_past_row_security_is_refused(admin_url: str, trial: Trial) -> None:
    runtime = f"{trial.name}_runtime"
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} BYPASSRLS").format(sql.Identifier(runtime)))

    with pytest.raises(RolesError, match="may look past row security"):
        trial.prepare(admin_url)

    assert one(admin_url, "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", runtime) == (False,)


def test_one_role_cannot_be_both(admin_url: str, trial: Trial) -> None:
    with pytest.raises(RolesError, match="must name two different roles"):
        prepare(admin_url, owner_url=trial.owner, runtime_url=trial.owner)
