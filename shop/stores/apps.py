from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "shop.stores"
    label = "stores"
    verbose_name = "Merchants and stores"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks
