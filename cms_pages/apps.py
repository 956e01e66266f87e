from django.apps import AppConfig


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    label = "cms_pages"
    verbose_name = "Pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from shop.outbox.consumers import subscribe

        from . import checks, photos, receivers  # noqa: F401 - checks register themselves

        receivers.connect()
        subscribe("cms_pages.draw", {photos.WANTED}, photos.draw)
