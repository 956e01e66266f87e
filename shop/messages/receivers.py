"""From Oscar's rows to actions."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from oscar.core.loading import get_model

from .actions import want_again


@receiver(post_save, sender=get_model("customer", "ProductAlert"))
def ask_again(instance: Any, created: bool, **kwargs: Any) -> None:
    """Who asks to be told of a product wants to be told."""
    if created:
        want_again(instance)
