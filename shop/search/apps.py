from oscar.apps.search import apps


class SearchConfig(apps.SearchConfig):
    name = "shop.search"
    default_auto_field = "django.db.models.BigAutoField"
