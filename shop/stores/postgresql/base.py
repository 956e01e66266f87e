from collections.abc import Callable

from django.db.backends.postgresql import base

from ..scope import bound_to_scope
from .introspection import DatabaseIntrospection
from .schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    introspection_class = DatabaseIntrospection
    SchemaEditorClass = DatabaseSchemaEditor

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        if callable(func):
            func = bound_to_scope(func)
        super().on_commit(func, robust=robust)
