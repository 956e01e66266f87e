from django.apps import AppConfig


class OperatorsConfig(AppConfig):
    name = "shop.operators"
    label = "operators"
    verbose_name = "Operators"
    default_auto_field = "django.db.models.BigAutoField"
