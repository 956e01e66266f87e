from typing import Any

from django.db import models
from django.db.backends.ddl_references import Statement
from django.db.backends.postgresql import schema


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    def _create_unique_sql(self, model: type[models.Model], fields: Any, *args: Any, **kwargs: Any) -> Statement | None:
        """A unique constraint of a table that is owned already is made per merchant at once.

        Two merchants may hold the same values by then: made as the package says, to be rewritten behind, it would fail.
        """
        statement = super()._create_unique_sql(model, fields, *args, **kwargs)
        if statement and not self.collect_sql and self._is_owned(model._meta.db_table):
            statement.parts["columns"] = f'"merchant_id", {statement.parts["columns"]}'
        return statement

    def _is_owned(self, table: str) -> bool:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_policies WHERE tablename = %s AND policyname = 'stoa_scope')", [table]
            )
            return cursor.fetchone()[0]
