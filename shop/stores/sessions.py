"""Sessions in the database, owned like all else: a cookie carried to another merchant's host is nobody's."""

from django.contrib.sessions.backends import db

from .scope import scoped


class SessionStore(db.SessionStore):
    """Opens the current merchant's scope itself, for the views that hold no transaction."""

    _get_session_from_db = scoped(db.SessionStore._get_session_from_db)
    exists = scoped(db.SessionStore.exists)
    save = scoped(db.SessionStore.save)
    delete = scoped(db.SessionStore.delete)
