"""Writing: noting that a picture came or went, and behind the commit making its smaller ones or deleting them."""

from io import BytesIO

import structlog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from shop.outbox.actions import record
from shop.stores.scope import scoped

from . import locks
from .drawing import Undrawable, drawn_from
from .ladder import Renditions, name_of
from .models import Pictured, pictured_models

KEPT, LEFT = "picture.kept", "picture.left"

log = structlog.get_logger("stoa.pictures")


def note_kept(owner: Pictured) -> None:
    """Have a row's smaller pictures made, unless that was done; and those of its former picture deleted."""
    former = owner.renditions.get("of")
    if former and former != owner.picture.name:
        note_left(owner)
    if owner.picture and not owner.is_drawn:
        record(KEPT, owner)


def note_left(owner: Pictured) -> None:
    """Have the files deleted of a picture that a row had."""
    kept = owner.renditions
    names = [kept["of"], *Renditions.of_row(kept).names()] if kept else [owner.picture.name]
    if names[0]:
        record(LEFT, owner, names=names)


@scoped
def make_renditions(model: type[Pictured], pk: int | str) -> bool:
    """Make the smaller pictures of a row, once, whoever asks at once; whether it was us."""
    owner = model._default_manager.filter(pk=pk).first()
    if owner is None or not owner.picture or owner.is_drawn:
        return False
    locks.alone_with(owner.picture.name or "")
    owner.refresh_from_db()
    if not owner.picture or owner.is_drawn:
        return False
    made = _made(owner.picture.name or "")
    if not sum(rows.update(renditions=made.as_row()) for rows in _showing(made.of)):
        _delete(list(made.names()))  # whoever deleted the row meanwhile knew of none
    return True


@scoped
def delete_files(names: list[str]) -> None:
    """Delete a picture and its smaller ones, the picture's name first, unless a row still has it."""
    locks.alone_with(names[0])
    if not any(rows.exists() for rows in _showing(names[0])):
        _delete(names)


def _showing(name: str) -> list[QuerySet]:
    """The rows that have this picture, of each model."""
    return [model._default_manager.filter(**{model.picture_field: name}) for model in pictured_models()]


def _delete(names: list[str]) -> None:
    for name in names:
        default_storage.delete(name)


def _made(name: str) -> Renditions:
    """Raises what the storage raises, but for a file that is not there: a further try mends that, and no picture."""
    try:
        size, drawn = _drawn(name)
    except (FileNotFoundError, Undrawable) as error:
        log.warning("picture not drawn", name=name, error=str(error))
        return Renditions(name)
    for width, kind, content in drawn:
        _put(name_of(name, width, kind), content)
    return Renditions(name, *size, tuple(sorted({width for width, _, _ in drawn})))


def _drawn(name: str) -> tuple[tuple[int, int], list[tuple[int, str, bytes]]]:
    with default_storage.open(name) as file:
        return drawn_from(BytesIO(file.read()))


def _put(name: str, content: bytes) -> None:
    """Write over what a process left that was killed: no page shows it yet."""
    default_storage.delete(name)
    default_storage.save(name, ContentFile(content))
