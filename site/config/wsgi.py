"""What the server calls."""

import os

from django.core.wsgi import get_wsgi_application

from config import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

behind = get_wsgi_application()

from shop.outbox import background  # noqa: E402 - its models need the settings
from shop.pagecache.door import PageDoor  # noqa: E402
from shop.versions import listening  # noqa: E402

application = PageDoor(behind)

memory.give_back_what_is_freed()
memory.keep_what_is_loaded()

background.start()
listening.start()
