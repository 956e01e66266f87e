"""What is missing, and what nobody shows any more."""

import re
from collections.abc import Iterator, Set
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from shop.stores.scope import scoped
from shop.stores.storage import own_name

from .models import Pictured, pictured_models

FOLDERS = ("images/products", "categories")
"""Where pictures of rows lie, and the smaller ones beside them."""

SMALLER = re.compile(r".+\.(\d+\.r\d+\.(avif|webp)|(\d+x\d*|x\d+)\.webp)")
"""How smaller ones are called, or were before they had recipes."""

IN_THE_MAKING = timedelta(days=1)
"""A younger file may be one of a transaction that goes on."""


@scoped
def undrawn() -> list[tuple[type[Pictured], int]]:
    """The rows whose picture was not drawn yet, or by an earlier recipe."""
    return [
        (model, owner.pk)
        for model in pictured_models()
        for owner in model._default_manager.only("pk", model.picture_field, "renditions").iterator()
        if owner.picture and not owner.is_drawn
    ]


@scoped
def delete_orphans() -> int:
    """Delete the smaller pictures that no row names; returns how many."""
    found = (name for folder in FOLDERS for name in files_below(folder) if SMALLER.fullmatch(name))
    return delete_others(found, kept=_shown())


def delete_others(names: Iterator[str], *, kept: Set[str]) -> int:
    """Delete the files that are not kept and no longer in the making; returns how many."""
    before = timezone.now() - IN_THE_MAKING
    others = [name for name in names if name not in kept and default_storage.get_modified_time(name) < before]
    for name in others:
        default_storage.delete(name)
    return len(others)


def files_below(folder: str, *, deep: bool = True) -> Iterator[str]:
    """The names of the current merchant's files in a folder, and in those below it."""
    own = own_name(folder)
    try:
        folders, files = default_storage.listdir(own)
    except FileNotFoundError:
        return
    yield from (f"{own}/{name}" for name in files)
    for below in folders if deep else ():
        yield from files_below(f"{own}/{below}")


def _shown() -> set[str]:
    owners = (owner for model in pictured_models() for owner in model._default_manager.iterator())
    return {name for owner in owners if owner.drawn for name in owner.drawn.names()}
