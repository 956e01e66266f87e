from oscar.apps.analytics import apps


class AnalyticsConfig(apps.AnalyticsConfig):
    name = "shop.analytics"

    def ready(self) -> None:
        from . import receivers  # noqa: F401 - instead of Oscar's
