"""What the server calls."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

behind = get_wsgi_application()

from shop.outbox import background  # noqa: E402 - its models need the settings
from shop.pagecache.door import PageDoor  # noqa: E402
from shop.versions import listening  # noqa: E402

application = PageDoor(behind)

# What is loaded by now stays: a full collection need not look through it, which took a third of a second.
gc.collect()
gc.freeze()

background.start()
listening.start()
