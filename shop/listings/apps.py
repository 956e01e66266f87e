from django.apps import AppConfig


class ListingsConfig(AppConfig):
    name = "shop.listings"
    label = "listings"
    verbose_name = "Listings"
    default_auto_field = "django.db.models.BigAutoField"
