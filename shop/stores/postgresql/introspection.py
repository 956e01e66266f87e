from typing import Any

from django.db.backends.postgresql import introspection
from django.db.backends.utils import CursorWrapper


class DatabaseIntrospection(introspection.DatabaseIntrospection):
    def get_constraints(self, cursor: CursorWrapper, table_name: str) -> dict[str, Any]:
        """The constraints as the table's package knows them: without the merchant that the plan put first."""
        constraints = super().get_constraints(cursor, table_name)
        for name, constraint in constraints.items():
            if not name.endswith("_scope") and constraint["columns"][:1] == ["merchant_id"]:
                constraint["columns"] = constraint["columns"][1:] or constraint["columns"]
        return constraints
