"""The plan: whose rows each table of the database holds, and the statements that make it so.

Every table is *owned* (each row belongs to one merchant), *shared* (rows belong to nobody, and the application may only
read them), or one of the three tables of the tenancy itself. Nothing is assumed: a table in no class stops the start.

`pending(connection)` compares the database with the plan and returns the statements that are missing, so applying it
twice does nothing and takes no lock. An owned table gets

- a column `merchant_id` that the database fills with the merchant of the running transaction,
- forced row security that shows and accepts rows of this merchant only, and raises where none is named,
- unique constraints per merchant: `(slug)` becomes `(merchant_id, slug)`,
- foreign keys to other owned tables over both columns, since the checks of plain ones look past row security.

A constraint keeps its name when it is rewritten, so that the migrations of packages find it (`postgresql/`).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha1

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from .catalog import Constraint, Table, View, read_tables, read_views
from .errors import UnclassifiedTable
from .scope import PLATFORM_MERCHANT_ID, SETTING

COLUMN = "merchant_id"
SCOPE = f"current_setting('{SETTING}')::bigint"
SCOPE_IN_CATALOG = f"(current_setting('{SETTING}'::text))::bigint"

DJANGO = {"admin", "auth", "sessions", "otp_totp", "taggit"}
OSCAR = {"address", "analytics", "basket", "catalogue", "reviews", "communication", "customer", "offer", "order"}
OSCAR |= {"partner", "payment", "shipping", "voucher", "wishlists"}
WAGTAIL = {"wagtailadmin", "wagtailcore", "wagtaildocs", "wagtailembeds", "wagtailforms", "wagtailimages"}
WAGTAIL |= {"wagtailredirects", "wagtailsearch", "wagtailusers"}
STOA = {"accounts", "api", "attribution", "audit", "cms_pages", "companies", "listings", "operators", "outbox"}
STOA |= {"credit", "fulfilment", "inventory", "messaging", "payments", "search", "statements"}
STOA |= {"costs", "pricefiles", "pricing", "quickorder", "rehearsal", "requisitions", "staff", "stores", "viewing"}
STOA |= {"gateways", "merchandising", "recommendations", "review", "webhooks"}

OWNED_APPS = frozenset(DJANGO | OSCAR | WAGTAIL | STOA)
"""Labels of the applications whose tables are owned, but for those named in `SHARED`."""

SHARED = {
    "django_content_type": "the models of the installation",
    "django_migrations": "the state of the database itself",
    "django_site": "Oscar's orders point at one; a store is Wagtail's site",
    "django_flatpage": "Oscar's dashboard needs the application; nobody writes pages with it",
    "django_flatpage_sites": "as above",
    "auth_permission": "what can be permitted; who may do it is owned",
    "address_country": "the countries of the world",
    "wagtailcore_locale": "the languages that the installation speaks",
}
"""Tables that the application may only read, with the reason why their rows belong to nobody."""

MERCHANTS = "stores_merchant"
DIRECTORY = "stores_storehost"
OVERSEEN = frozenset({MERCHANTS, "stores_store"})
"""Tables that the platform's scope may read beyond its own rows: the operators' list of merchants and stores."""

APPEND_ONLY = frozenset({"audit_auditentry", "outbox_outboxevent", "payments_paymenttransaction"})
APPEND_ONLY |= {"credit_creditentry", "inventory_stockmovement", "statements_entrymatch"}
APPEND_ONLY |= {"fulfilment_cancellation", "fulfilment_cancelledline", "fulfilment_shipmentline"}
"""Owned tables of facts: the application may add rows and read them, and neither change nor delete one."""

GLOBALLY_UNIQUE = {
    ("wagtailcore_site", "hostname", "port"): "a host name is one store's in the whole installation",
    ("stores_merchant", "slug"): "names the merchant on the command line",
    (
        "wagtailsearch_indexentry",
        "content_type_id",
        "object_id",
    ): "its upsert names these columns; ids are unique anyway",
}
"""Unique constraints that stay as their package made them, with the reason."""

VIEWS = {
    "catalogue_product_category_hierarchy": "Oscar's optional cache of every merchant's categories: nobody reads it",
}
"""Views and materialised views know no row security; those named here are granted to nobody."""

SCOPED_VIEWS = {
    "search_scoped": "what shoppers search: full text and trigrams use no index under a policy, behind this they do",
    "search_words_scoped": "words like one that was mistyped: as above",
    "quickorder_scoped": "numbers like one that was mistyped: as above",
}
"""Views that the application may read, with the reason: one table's rows of the running scope, said by the view."""

SCOPE_POLICY = "stoa_scope"
OWNER_POLICY = "stoa_owner"
PLATFORM_POLICY = "stoa_platform_reads"
DIRECTORY_POLICY = "stoa_everybody_reads"


def runtime_role() -> str:
    """The role that the application connects as."""
    return settings.DATABASES["default"]["USER"]


def owned_tables() -> set[str]:
    """The tables that the models say are owned, many-to-many tables included."""
    models = apps.get_models(include_auto_created=True)
    tables = {m._meta.db_table for m in models if m._meta.managed and m._meta.app_label in OWNED_APPS}
    return tables - SHARED.keys() - {MERCHANTS, DIRECTORY}


def unclassified(tables: Iterable[str]) -> set[str]:
    """Those of the database's tables that the plan does not know."""
    return set(tables) - owned_tables() - SHARED.keys() - {MERCHANTS, DIRECTORY}


def is_scoped(view: View) -> bool:
    """Whether a view shows the rows of one table that are of the running scope, and raises where there is none."""
    rows_of_scope = rf" FROM (\w+)\s+WHERE \(?(\1\.)?{COLUMN} = {re.escape(SCOPE_IN_CATALOG)}\)?;\s*"
    return re.fullmatch(rf"\s*SELECT [\w\s.,]+{rows_of_scope}", view.definition) is not None


def pending(connection: BaseDatabaseWrapper) -> list[str]:
    """The statements that would make this database as planned. Raises `UnclassifiedTable`."""
    with connection.cursor() as cursor:
        tables, views = read_tables(cursor, role=runtime_role()), read_views(cursor, role=runtime_role())
    if unknown := unclassified(tables):
        names = ", ".join(sorted(unknown))
        raise UnclassifiedTable(f"Say in shop/stores/tenancy.py whose rows these tables hold: {names}.")
    return list(_Plan(tables, views=views, owned=owned_tables()).statements())


def apply(connection: BaseDatabaseWrapper) -> int:
    """Make the database as planned, as the owner of its tables; returns how many statements that took."""
    if not pending(connection):
        return 0
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('stoa.tenancy'))"
        )  # one at a time; the second finds nothing
        statements = pending(connection)
        for statement in statements:
            cursor.execute(statement)
    return len(statements)


@dataclass(frozen=True)
class _Plan:
    tables: dict[str, Table]
    views: dict[str, View]
    owned: set[str]

    def statements(self) -> Iterator[str]:
        present = [self.tables[name] for name in sorted(self.owned) if name in self.tables]
        for step in (self.columns, self.uniques, self.indexes, self.foreign_keys):
            for table in [*present, *(self.tables[name] for name in [DIRECTORY] if name in self.tables)]:
                yield from step(table)
        for table in present:
            yield from self.policies(table, {SCOPE_POLICY: _for_all(f"{COLUMN} = {SCOPE}")} | _overseen(table))
            appends = table.name in APPEND_ONLY
            yield from self.grants(table, "SELECT, INSERT" if appends else "SELECT, INSERT, UPDATE, DELETE")
        yield from self.tenancy_itself()
        for name in sorted(SHARED.keys() & self.tables.keys()):
            yield from self.grants(self.tables[name], "SELECT")
        for name in sorted(SCOPED_VIEWS.keys() & self.views.keys()):
            if is_scoped(self.views[name]) and self.views[name].privileges != {"SELECT"}:
                yield f'REVOKE ALL ON "{name}" FROM "{runtime_role()}"'
                yield f'GRANT SELECT ON "{name}" TO "{runtime_role()}"'

    def tenancy_itself(self) -> Iterator[str]:
        if merchants := self.tables.get(MERCHANTS):
            yield from self.policies(merchants, {SCOPE_POLICY: _for_all(f"id = {SCOPE}")} | _overseen(merchants))
            yield from self.grants(merchants, "SELECT, INSERT, UPDATE")
        if directory := self.tables.get(DIRECTORY):
            scope, everybody = _for_all(f"{COLUMN} = {SCOPE}"), "FOR SELECT TO {role} USING (true)"
            yield from self.policies(directory, {SCOPE_POLICY: scope, DIRECTORY_POLICY: everybody})
            yield from self.grants(directory, "SELECT, INSERT, UPDATE, DELETE")

    def columns(self, table: Table) -> Iterator[str]:
        if COLUMN not in table.columns:
            yield f'ALTER TABLE "{table.name}" ADD COLUMN {COLUMN} bigint NOT NULL DEFAULT {PLATFORM_MERCHANT_ID}'
        if table.columns.get(COLUMN) != SCOPE_IN_CATALOG:
            yield f'ALTER TABLE "{table.name}" ALTER COLUMN {COLUMN} SET DEFAULT {SCOPE}'

    def uniques(self, table: Table) -> Iterator[str]:
        for unique in self.rewritten_uniques(table):
            yield unique.drop()
            yield unique.create(prefixed_with=COLUMN)

    def rewritten_uniques(self, table: Table) -> list[Constraint]:
        """Those that are not within one merchant yet: naming it, or pointing at a row that is of one merchant only.

        Of the primary keys only what is a shared row's id: the others are numbers that no two rows are given.
        """
        pointers = {key.columns[-1] for key in table.foreign_keys if key.target in self.owned}
        shared = {key.columns[-1] for key in table.foreign_keys if key.target not in self.owned}
        return [
            unique
            for unique in table.uniques
            if not ({COLUMN} | pointers) & set(unique.columns)
            and (table.name, *unique.columns) not in GLOBALLY_UNIQUE
            and not (unique.is_primary and not shared & set(unique.columns))
        ]

    def foreign_keys(self, table: Table) -> Iterator[str]:
        for key in table.foreign_keys:
            if key.target in self.owned and COLUMN not in key.columns:
                yield key.drop()
                yield key.create(prefixed_with=COLUMN)

    def indexes(self, table: Table) -> Iterator[str]:
        """What a foreign key over both columns points at, or else a way to one merchant's rows.

        They have names of their own, since a later migration may point a key at a table that had none.
        """
        is_target = any(key.target == table.name for other in self.tables.values() for key in other.foreign_keys)
        wanted = _name(table.name, "row_scope" if is_target else "scope")
        if wanted in table.indexes:
            return
        if is_target:
            yield f'CREATE UNIQUE INDEX "{wanted}" ON "{table.name}" ({COLUMN}, "{table.primary_key}")'
        elif not self.rewritten_uniques(table) and not any(u.columns[:1] == (COLUMN,) for u in table.uniques):
            yield f'CREATE INDEX "{wanted}" ON "{table.name}" ({COLUMN})'

    def policies(self, table: Table, wanted: dict[str, str]) -> Iterator[str]:
        if not table.row_security:
            yield f'ALTER TABLE "{table.name}" ENABLE ROW LEVEL SECURITY'
            yield f'ALTER TABLE "{table.name}" FORCE ROW LEVEL SECURITY'
        owner = f'"{table.owner}"'
        for name, rule in {**wanted, OWNER_POLICY: "FOR ALL TO {owner} USING (true) WITH CHECK (true)"}.items():
            if name not in table.policies:
                yield f'CREATE POLICY {name} ON "{table.name}" ' + rule.format(role=f'"{runtime_role()}"', owner=owner)

    def grants(self, table: Table, privileges: str) -> Iterator[str]:
        if table.privileges != frozenset(privileges.split(", ")):
            yield f'REVOKE ALL ON "{table.name}" FROM "{runtime_role()}"'
            yield f'GRANT {privileges} ON "{table.name}" TO "{runtime_role()}"'
        for sequence in table.ungranted_sequences:
            yield f'GRANT USAGE ON SEQUENCE "{sequence}" TO "{runtime_role()}"'


def _for_all(rule: str) -> str:
    return f"FOR ALL TO {{role}} USING ({rule}) WITH CHECK ({rule})"


def _overseen(table: Table) -> dict[str, str]:
    rule = f"FOR SELECT TO {{role}} USING ({SCOPE} = {PLATFORM_MERCHANT_ID})"
    return {PLATFORM_POLICY: rule} if table.name in OVERSEEN else {}


def _name(table: str, suffix: str) -> str:
    """A name of at most 63 bytes, PostgreSQL's limit."""
    name = f"{table}_{suffix}"
    return (
        name
        if len(name) <= 63
        else f"{table[:45]}_{sha1(name.encode(), usedforsecurity=False).hexdigest()[:8]}_{suffix}"
    )
