"""What PostgreSQL says of its own tables, as values for the tenancy plan to compare with."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.utils import CursorWrapper


@dataclass(frozen=True)
class Constraint:
    """A primary or foreign key, unique constraint or index, with the definition that PostgreSQL would write."""

    table: str
    name: str
    columns: tuple[str, ...]
    definition: str
    is_index: bool = False
    is_primary: bool = False
    target: str | None = None

    def drop(self) -> str:
        if self.is_index:
            return f'DROP INDEX "{self.name}"'
        return f'ALTER TABLE "{self.table}" DROP CONSTRAINT "{self.name}"'

    def create(self, *, prefixed_with: str) -> str:
        """The statement that makes it anew over one more column, first on each side, under the same name."""
        definition = re.sub(r"\(", f"({prefixed_with}, ", self.definition, count=2 if self.target else 1)
        return definition if self.is_index else f'ALTER TABLE "{self.table}" ADD CONSTRAINT "{self.name}" {definition}'


@dataclass
class Table:
    name: str
    owner: str
    row_security: bool
    primary_key: str
    privileges: frozenset[str]
    columns: dict[str, str | None] = field(default_factory=dict)
    """Name of each column and its default, as an expression."""
    uniques: list[Constraint] = field(default_factory=list)
    foreign_keys: list[Constraint] = field(default_factory=list)
    indexes: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    ungranted_sequences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class View:
    name: str
    definition: str
    privileges: frozenset[str]


def read_tables(cursor: CursorWrapper, *, role: str) -> dict[str, Table]:
    """Every table of the schema `public` by name, with the privileges that `role` has on it."""
    tables = {
        row["name"]: Table(**{**row, "privileges": frozenset(row["privileges"])}) for row in _rows(cursor, TABLES, role)
    }
    for row in _rows(cursor, COLUMNS):
        tables[row["table"]].columns[row["name"]] = row["default"]
    for row in _rows(cursor, UNIQUES):
        tables[row["table"]].uniques.append(Constraint(**{**row, "columns": tuple(row["columns"])}))
    for row in _rows(cursor, FOREIGN_KEYS):
        tables[row["table"]].foreign_keys.append(Constraint(**{**row, "columns": tuple(row["columns"])}))
    for name, values in _grouped(cursor, INDEXES).items():
        tables[name].indexes = set(values)
    for name, values in _grouped(cursor, POLICIES).items():
        tables[name].policies = set(values)
    for name, values in _grouped(cursor, SEQUENCES, role).items():
        tables[name].ungranted_sequences = values
    return tables


def read_views(cursor: CursorWrapper, *, role: str) -> dict[str, View]:
    """Every view and materialised view of the schema `public` by name, with the privileges that `role` has on it."""
    return {
        row["name"]: View(**{**row, "privileges": frozenset(row["privileges"])}) for row in _rows(cursor, VIEWS, role)
    }


def _rows(cursor: CursorWrapper, sql: str, *parameters: str) -> list[dict[str, Any]]:
    cursor.execute(sql, parameters)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _grouped(cursor: CursorWrapper, sql: str, *parameters: str) -> dict[str, list[str]]:
    cursor.execute(sql, parameters)
    groups = defaultdict(list)
    for name, value in cursor.fetchall():
        groups[name].append(value)
    return groups


PUBLIC_TABLES = "c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"

TABLES = f"""
    SELECT c.relname::text AS name, pg_get_userbyid(c.relowner)::text AS owner,
           c.relrowsecurity AND c.relforcerowsecurity AS row_security,
           coalesce((SELECT a.attname FROM pg_index x
                       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[0]
                      WHERE x.indrelid = c.oid AND x.indisprimary)::text, '') AS primary_key,
           ARRAY(SELECT p FROM unnest(string_to_array('SELECT INSERT UPDATE DELETE TRUNCATE REFERENCES TRIGGER', ' ')) p
                  WHERE has_table_privilege(%s, c.oid, p)) AS privileges
      FROM pg_class c WHERE {PUBLIC_TABLES}
"""

COLUMNS = f"""
    SELECT c.relname::text AS table, a.attname::text AS name, pg_get_expr(d.adbin, d.adrelid) AS default
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE {PUBLIC_TABLES}
"""

UNIQUES = f"""
    SELECT c.relname::text AS table, i.relname::text AS name,
           ARRAY(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY k(number, position)
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
                  WHERE k.position <= x.indnkeyatts ORDER BY k.position) AS columns,
           coalesce(pg_get_constraintdef(o.oid), pg_get_indexdef(x.indexrelid)) AS definition,
           o.oid IS NULL AS is_index, x.indisprimary AS is_primary
      FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
      LEFT JOIN pg_constraint o ON o.conindid = x.indexrelid AND o.contype IN ('u', 'p')
     WHERE {PUBLIC_TABLES} AND x.indisunique
     ORDER BY i.relname
"""

FOREIGN_KEYS = f"""
    SELECT c.relname::text AS table, o.conname::text AS name, o.confrelid::regclass::text AS target,
           ARRAY(SELECT a.attname::text FROM unnest(o.conkey) WITH ORDINALITY k(number, position)
                   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number ORDER BY k.position) AS columns,
           pg_get_constraintdef(o.oid) AS definition
      FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
     WHERE {PUBLIC_TABLES} AND o.contype = 'f'
     ORDER BY o.conname
"""

INDEXES = f"""
    SELECT c.relname::text, i.relname::text FROM pg_index x
      JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid WHERE {PUBLIC_TABLES}
"""

POLICIES = f"""
    SELECT c.relname::text, p.polname::text FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE {PUBLIC_TABLES}
"""

SEQUENCES = f"""
    SELECT c.relname::text, s.relname::text FROM pg_depend d
      JOIN pg_class s ON s.oid = d.objid JOIN pg_class c ON c.oid = d.refobjid
     WHERE {PUBLIC_TABLES} AND d.deptype IN ('a', 'i')
       AND CASE WHEN s.relkind = 'S' THEN NOT has_sequence_privilege(%s, s.oid, 'USAGE') END
"""

VIEWS = """
    SELECT c.relname::text AS name, pg_get_viewdef(c.oid) AS definition,
           ARRAY(SELECT p FROM unnest(string_to_array('SELECT INSERT UPDATE DELETE', ' ')) p
                  WHERE has_table_privilege(%s, c.oid, p)) AS privileges
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
"""
