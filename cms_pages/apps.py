from django.apps import AppConfig


class CmsPagesConfig(AppConfig):
    name = "cms_pages"
    label = "cms_pages"
    verbose_name = "Pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.models import Site

        from shop.outbox.consumers import subscribe

        from . import checks, photos, receivers, roots  # noqa: F401 - checks register themselves

        Site.get_site_root_paths = staticmethod(roots.root_paths)
        receivers.connect()
        subscribe("cms_pages.draw", {photos.WANTED}, photos.draw)
