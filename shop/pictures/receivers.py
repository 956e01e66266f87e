"""What Django tells of rows with a picture."""

from typing import Any

from django.db.models.signals import post_delete, post_save

from . import actions
from .models import Pictured, pictured_models


def connect() -> None:
    for model in pictured_models():
        post_save.connect(was_saved, sender=model)
        post_delete.connect(was_deleted, sender=model)


def was_saved(instance: Pictured, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        actions.note_kept(instance)


def was_deleted(instance: Pictured, **kwargs: Any) -> None:
    actions.note_left(instance)
