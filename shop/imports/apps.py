from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "shop.imports"
    label = "imports"
    verbose_name = "Imports"
