from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.features import DatabaseFeatures as Features

from shop.versions.moves import Moves

from ..scope import bound_to_scope
from .cursor import PLANNED_FROM, PlanningCursor
from .introspection import DatabaseIntrospection
from .schema import DatabaseSchemaEditor


class DatabaseFeatures(Features):
    uses_server_side_binding = True  # so that Django says the types of parameters


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    SchemaEditorClass = DatabaseSchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moves = Moves(self.settings_dict)

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return params | {"cursor_factory": PlanningCursor, "prepare_threshold": PLANNED_FROM}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        raw = super().get_new_connection(conn_params)
        self.moves.watch(raw)
        return raw

    def _commit(self) -> None:
        super()._commit()
        self.moves.settle(is_committed=True)

    def _rollback(self) -> None:
        self.moves.settle(is_committed=False)
        super()._rollback()

    def _close(self) -> None:
        self.moves.settle(is_committed=False)
        super()._close()

    def on_commit(self, func: Callable[[], object], robust: bool = False) -> None:
        if callable(func):
            func = bound_to_scope(func)
        super().on_commit(func, robust=robust)
