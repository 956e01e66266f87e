"""The server's application, with a consumer that a test watches, and a page that records an event."""

from importlib import import_module

from django.core.wsgi import get_wsgi_application

get_wsgi_application()

from shop.outbox.actions import record  # noqa: E402
from shop.stores.models import Store  # noqa: E402
from shop.stores.scope import merchant_scope  # noqa: E402
from tests.outbox import noting  # noqa: E402, F401 - it subscribes

server = import_module("config.wsgi").application  # starts to deliver, so what subscribes comes before it


def application(environ, start_response):
    """A request to `/record/<merchant>` is a commit with an event in it."""
    if not environ["PATH_INFO"].startswith("/record/"):
        return server(environ, start_response)
    with merchant_scope(int(environ["PATH_INFO"].removeprefix("/record/"))):
        event = record("store.opened", Store.objects.get())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(event.pk).encode()]
