"""Sessions in the database, owned like all else: a cookie carried to another merchant's host is nobody's."""

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from .postgresql.prepared import prepared
from .scope import scoped

SHORTEST_KEY, LONGEST_KEY = 8, 40
UPDATE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


class SessionStore(db.SessionStore):
    """Opens the current merchant's scope itself, for the views that hold no transaction."""

    expires_at: datetime | None = None
    """Of one that was read."""

    @staticmethod
    def _validate_session_key(key: str | None) -> bool:
        """Django's keys are letters and digits; a cookie can hold anything, such as NUL, which breaks a query."""
        return key is not None and key.isascii() and key.isalnum() and SHORTEST_KEY <= len(key) <= LONGEST_KEY

    exists = scoped(db.SessionStore.exists)
    delete = scoped(db.SessionStore.delete)

    @scoped
    def _get_session_from_db(self) -> Session | None:
        found = _live(key=self.session_key, moment=timezone.now())
        if not found:
            self._session_key = None
            return None
        self.expires_at = found[0].expire_date
        return found[0]

    @scoped
    def save(self, must_create: bool = False) -> None:
        """Raises `UpdateError` where it was deleted meanwhile. What is there is written without Django's savepoint."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session())
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, [row.session_data, row.expire_date, row.session_key])
            if not cursor.rowcount:
                raise UpdateError


@prepared
def _live(key: str, moment: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=moment)
