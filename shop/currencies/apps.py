from django.apps import AppConfig


class CurrenciesConfig(AppConfig):
    name = "shop.currencies"
    label = "currencies"
    verbose_name = "Currencies"
