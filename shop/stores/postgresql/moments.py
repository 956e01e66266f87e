"""Moments as PostgreSQL writes them: ISO 8601, which Python reads in a tenth of the time of psycopg's expression."""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader


class MomentLoader(BaseTzLoader):
    """In UTC. What Python has no moment for (infinity, before Christ, after 9999) is psycopg's to refuse."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii")).astimezone(UTC)
        except (ValueError, OverflowError):
            return super().load(data)
