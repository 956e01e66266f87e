import time
from collections.abc import Callable
from datetime import UTC
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.features import DatabaseFeatures as Features
from psycopg.pq import ExecStatus, TransactionStatus

from shop.versions.moves import Moves

from ..scope import bound_to_scope
from .cursor import PLANNED_FROM, PlanningCursor
from .introspection import DatabaseIntrospection
from .moments import MomentLoader
from .schema import DatabaseSchemaEditor

IDLE_S = 5.0
"""A connection that rested longer is asked whether it works before it is used; networks forget silent ones."""


class DatabaseFeatures(Features):
    uses_server_side_binding = True  # so that Django says the types of parameters


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    introspection_class = DatabaseIntrospection
    SchemaEditorClass = DatabaseSchemaEditor

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.moves = Moves(self.settings_dict)
        self.used_at = 0.0

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        return params | {"cursor_factory": PlanningCursor, "prepare_threshold": PLANNED_FROM}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        raw = super().get_new_connection(conn_params)
        if self.timezone is UTC:
            raw.adapters.register_loader("timestamptz", MomentLoader)
        self.moves.watch(raw)
        return raw

    def is_usable(self) -> bool:
        """Asked before each request: of a connection that was used just now and of which nothing was heard since, as
        when the server hangs up, the answer is known."""
        return self._is_fresh() or super().is_usable()

    def _is_fresh(self) -> bool:
        if self.connection is None or self.errors_occurred or time.monotonic() - self.used_at > IDLE_S:
            return False
        heard = poll()
        heard.register(self.connection, POLLIN)
        return not heard.poll(0)

    def set_locally(self, setting: str, number: int | None) -> None:
        """Set something until the transaction ends."""
        if not self._begin_with(f"SET LOCAL {setting} = '{number or ''}'"):
            with self.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, true)", [setting, str(number or "")])

    def _begin_with(self, statement: str) -> bool:
        """Begin the transaction with it, in one round trip, if that is yet to begin and can."""
        with self.wrap_database_errors:
            if self.connection.info.transaction_status != TransactionStatus.IDLE:
                return False
            return self.connection.pgconn.exec_(f"BEGIN; {statement}".encode()).status == ExecStatus.COMMAND_OK

    def _commit(self) -> None:
        super()._commit()
        self.used_at = time.monotonic()
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
