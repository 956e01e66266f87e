"""The library's pictures as pages show them: those renditions that are there, and a wish for those that are not.

Wagtail would make them with the page. Here the outbox does, and until then a page shows what there is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import structlog
from django.core.cache import cache
from django.db import transaction
from wagtail.images.models import Filter

from shop.outbox.actions import record
from shop.outbox.models import OutboxEvent
from shop.pictures import locks
from shop.pictures.ladder import KINDS
from shop.pictures.showing import Showing, Source
from shop.pictures.sweeping import delete_others, files_below
from shop.stores.actions import content_changed
from shop.stores.scope import scoped

from .models import StoreImage, StoreRendition

LOGO = "max-480x144|format-webp"
"""Three times the size that it is drawn in at most, for fine screens."""

WANTED = "photo.wanted"
SHOWN = f"|format-{KINDS[-1]}"
ASKED_AGAIN_S = 3600
"""A wish that could not be met is noted again then, and not by every view."""

log = structlog.get_logger("stoa.pictures")


def photo_showing(image: StoreImage, spec: str) -> Showing:
    """By a spec with its widths in braces, the narrowest first, and no format: `fill-{360x240,720x480}`."""
    by_kind = {kind: Filter.expand_spec(f"{spec}|format-{kind}") for kind in KINDS}
    found = found_renditions(image, [each for specs in by_kind.values() for each in specs])
    whole = [kind for kind, specs in by_kind.items() if all(each in found for each in specs)]
    if not whole:
        return Showing(image.file.url, width=image.width, height=image.height)
    ladders = {kind: [found[each] for each in by_kind[kind]] for kind in whole}
    *better, last = (Source(f"image/{kind}", _srcset(ladder)) for kind, ladder in ladders.items())
    ladder = ladders[whole[-1]]
    middle = ladder[len(ladder) // 2]
    return Showing(middle.url, last.srcset, middle.width, middle.height, tuple(better))


def photo_text(image: StoreImage) -> str:
    """What stands for the picture: as its block says, or else its own description."""
    return "" if image.decorative else image.contextual_alt_text or image.default_alt_text


def rendition_if_there(image: StoreImage, spec: str) -> StoreRendition | None:
    return found_renditions(image, [spec]).get(spec)


def found_renditions(image: StoreImage, specs: Sequence[str]) -> dict[str, StoreRendition]:
    """Those that are there, by their specs; wishes for the others are noted."""
    there = image.find_existing_renditions(*(Filter(spec) for spec in specs))
    found = {each.spec: rendition for each, rendition in there.items()}
    _remember(image, found.values())
    if missing := [spec for spec in specs if spec not in found]:
        want(image, missing)
    return found


def _remember(image: StoreImage, renditions: Iterable[StoreRendition]) -> None:
    """Where Wagtail looks first, so that the next page asks the database for none."""
    additions = {}
    for each in renditions:
        if not getattr(each, "_from_cache", False):
            each._from_cache = True
            additions[StoreRendition.construct_cache_key(image, each.focal_point_key, each.filter_spec)] = each
    if additions:
        StoreRendition.cache_backend.set_many(additions)


def want(image: StoreImage, specs: Sequence[str]) -> None:
    """Note a wish, once an hour: what is rolled back was none."""
    key = f"photo.wanted:{image.pk}:{image.file.name}:{','.join(specs)}"
    if cache.get(key) is None:
        record(WANTED, image, specs=list(specs))
        transaction.on_commit(lambda: cache.set(key, True, ASKED_AGAIN_S))


def draw(event: OutboxEvent) -> None:
    """Make what was wished for; told again, it finds it made."""
    make_photos(int(event.subject_id), event.payload["specs"])


@scoped
def make_photos(image_id: int, specs: Sequence[str]) -> int:
    """Make what is missing of these, once, whoever asks at once, and have pages shown with it; returns how many."""
    image = StoreImage.objects.filter(pk=image_id).first()
    if image is None:
        return 0
    locks.alone_with(image.file.name)
    there = image.find_existing_renditions(*(Filter(spec) for spec in specs))
    found = {each.spec for each in there}
    missing = [Filter(spec) for spec in specs if spec not in found]
    try:
        made = len(image.create_renditions(*missing))
    except FileNotFoundError as error:
        log.warning("picture not drawn", name=image.file.name, error=str(error))
        return 0
    content_changed()
    return made


@scoped
def unfinished_photos() -> dict[int, list[str]]:
    """By picture, the formats that are missing of what pages show: they were made before the format was."""
    there: dict[int, set[str]] = defaultdict(set)
    for image_id, spec in StoreRendition.objects.exclude(filter_spec=LOGO).values_list("image", "filter_spec"):
        there[image_id].add(spec)
    missing = {image_id: sorted(_in_every_format(specs) - specs) for image_id, specs in there.items()}
    return {image_id: specs for image_id, specs in missing.items() if specs}


def _in_every_format(specs: set[str]) -> set[str]:
    shown = {spec.removesuffix(SHOWN) for spec in specs if spec.endswith(SHOWN)}
    return {f"{each}|format-{kind}" for each in shown for kind in KINDS}


@scoped
def delete_orphans() -> int:
    """Delete the renditions' files that no row names; returns how many."""
    kept = set(StoreRendition.objects.values_list("file", flat=True))
    return delete_others(files_below("images", deep=False), kept=kept)


def _srcset(ladder: Sequence[StoreRendition]) -> str:
    return ", ".join(f"{each.url} {each.width}w" for each in ladder)
