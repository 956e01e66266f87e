from django.apps import AppConfig


class PageCacheConfig(AppConfig):
    name = "shop.pagecache"
    label = "pagecache"
    verbose_name = "Page cache"
