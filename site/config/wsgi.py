"""What the server calls."""

import os
from importlib import import_module

from config.loading import ending_when_told

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

with ending_when_told():
    import django
    from django.conf import settings

    django.setup(set_prefix=False)

    from config import memory, threads
    from config.handler import Handler
    from shop.outbox import background
    from shop.pagecache.door import PageDoor
    from shop.versions import listening

    threads.keep_locals()
    application = PageDoor(Handler())
    import_module(settings.ROOT_URLCONF)  # all views: who comes first need not wait for them

    memory.give_back_what_is_freed()
    memory.keep_what_is_loaded()

background.start()
listening.start()
