"""Sessions in the database, owned like all else: a cookie carried to another merchant's host is nobody's."""

from datetime import datetime

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
    def _get_session_from_db(self) -> Session | None:
        found = _live(key=self.session_key, moment=timezone.now())
        if not found:
            self._session_key = None
            return None
        self.expires_at = found[0].expire_date
        return found[0]

    @scoped
    def save(self, must_create: bool = False) -> None:
        """Raises `UpdateError` where it was deleted meanwhile, `CreateError` where a new one's key is taken. Written
        without Django's savepoint."""
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))
        with connection.cursor() as cursor:
            cursor.execute(INSERT if must_create else UPDATE, [row.session_data, row.expire_date, row.session_key])
            if not cursor.rowcount:
                raise CreateError if must_create else UpdateError

    def _get_new_session_key(self) -> str:
        """Nobody looks whether it is free: `create` takes another where it isn't."""
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)


@prepared
def _live(key: str, moment: datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=moment)
