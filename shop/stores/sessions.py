"""Sessions in the database, owned like all else: a cookie carried to another merchant's host is nobody's."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from .postgresql.prepared import prepared
from .scope import scoped

SHORTEST_KEY, LONGEST_KEY, KEY_LENGTH = 8, 40, 32
INSERT = """INSERT INTO django_session (session_data, expire_date, session_key)
            VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"""
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
    def load(self) -> dict[str, Any]:
        found = _live(key=self.session_key, moment=timezone.now())
        if not found:
            self._session_key = None
            return {}
        [(data, self.expires_at)] = found
        return self.decode(data)

    @scoped
    def save(self, must_create: bool = False) -> None:
        """Raises `UpdateError` where it was deleted meanwhile, `CreateError` where a new one's key is taken. Written
        without Django's savepoint."""
        if self.session_key is None:
            self.create()
            return
        data = self.encode(self._get_session(no_load=must_create))
        values = [data, self.get_expiry_date(), self._get_or_create_session_key()]
        with connection.cursor() as cursor:
            cursor.execute(INSERT if must_create else UPDATE, values)
            if not cursor.rowcount:
                raise CreateError if must_create else UpdateError

    def _get_new_session_key(self) -> str:
        """Nobody looks whether it is free: `create` takes another where it isn't."""
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)


@prepared
def _live(key: str, moment: datetime) -> QuerySet[Any]:
    found = Session.objects.filter(session_key=key, expire_date__gt=moment)
    return found.values_list("session_data", "expire_date")
