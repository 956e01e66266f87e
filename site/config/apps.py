from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Stoa"

    def ready(self) -> None:
        from . import celery  # noqa: F401 - tasks find their application
