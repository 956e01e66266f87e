from django.apps import AppConfig


class PicturesConfig(AppConfig):
    name = "shop.pictures"
    label = "pictures"
    verbose_name = "Pictures"

    def ready(self) -> None:
        from shop.outbox.consumers import subscribe

        from . import actions, consumers, receivers

        receivers.connect()
        subscribe("pictures.draw", {actions.KEPT}, consumers.draw)
        subscribe("pictures.delete", {actions.LEFT}, consumers.delete)
