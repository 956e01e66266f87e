"""What the server calls."""

import os
from importlib import import_module

import django
from django.conf import settings

from config import memory

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

django.setup(set_prefix=False)

from config.handler import Handler  # noqa: E402 - it and the next need the settings
from shop.outbox import background  # noqa: E402
from shop.pagecache.door import PageDoor  # noqa: E402
from shop.versions import listening  # noqa: E402

application = PageDoor(Handler())
import_module(settings.ROOT_URLCONF)  # all views: who comes first need not wait for them

memory.give_back_what_is_freed()
memory.keep_what_is_loaded()

background.start()
listening.start()
