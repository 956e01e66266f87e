"""What the outbox tells us: a picture came, or it went."""

from django.apps import apps

from shop.outbox.models import OutboxEvent

from . import actions


def draw(event: OutboxEvent) -> None:
    """Make the smaller ones; told again, it finds them made."""
    actions.make_renditions(apps.get_model(event.subject_type), event.subject_id)


def delete(event: OutboxEvent) -> None:
    """Delete the files; told again, it finds none."""
    actions.delete_files(event.payload["names"])
