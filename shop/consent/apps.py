from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "shop.consent"
    label = "consent"
    verbose_name = "Cookie consent"
