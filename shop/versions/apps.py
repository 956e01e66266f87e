from django.apps import AppConfig


class VersionsConfig(AppConfig):
    name = "shop.versions"
    label = "versions"
    verbose_name = "Versions"
