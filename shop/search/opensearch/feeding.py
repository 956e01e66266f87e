"""Telling OpenSearch what has changed, and everything anew.

Once a merchant is fed (`Feed`), triggers note each product whose row of search changes (`Change`). What a document is
made of is read after that, and has the moment of reading as its version: whoever is late overwrites nothing newer.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from shop.stores.scope import own_scope

from ..contract import Away
from ..models import Change, Entry, Feed
from .documents import Document, read
from .http import bulk, tell
from .indexes import alias, new_name, settings_and_mappings

BATCH = 500


def keep(product_ids: Collection[int]) -> None:
    """In the index that is asked, and in one that is being made. Raises `Away`."""
    with own_scope():
        feed = Feed.objects.first()
        read_at, documents = read(list(product_ids))
    targets = [{"_index": alias(), "require_alias": True}]
    targets += [{"_index": feed.making}] if feed and feed.making else []
    _write(targets, documents, version=read_at)


def send_changes() -> int:
    """Of how many products OpenSearch was told. Raises `Away`; what it has not taken is told again."""
    told = 0
    while True:
        with own_scope():
            changes = dict(Change.objects.order_by("pk").values_list("pk", "product_id")[:BATCH])
        if not changes:
            return told
        keep(set(changes.values()))
        with own_scope():
            Change.objects.filter(pk__in=changes).delete()
        told += len(set(changes.values()))


def rebuild() -> Iterator[int]:
    """Make the merchant's index anew while the old one answers, then let the new one answer: how many products are in
    it so far. Raises `Away`; what was begun is left to the next one to clear away."""
    name = new_name()
    tell("PUT", f"/{name}", settings_and_mappings())
    with own_scope():
        feed = Feed.objects.first() or Feed()
        feed.making = name
        feed.save()
    done = last = 0
    while product_ids := _next(last):
        with own_scope():
            read_at, documents = read(product_ids)
        _write([{"_index": name}], [each for each in documents if each.source], version=read_at)
        done, last = done + len(product_ids), product_ids[-1]
        yield done
    _let_answer(name)
    with own_scope():
        Feed.objects.filter(making=name).update(making="")


def forget() -> None:
    """Note no changes any more."""
    with own_scope():
        Feed.objects.all().delete()
        Change.objects.all().delete()


def _next(after: int) -> list[int]:
    with own_scope():
        rows = Entry.objects.filter(product_id__gt=after).order_by("product_id")
        return list(rows.values_list("product_id", flat=True).distinct()[:BATCH])


def _let_answer(name: str) -> None:
    """In one step, and the others go: https://docs.opensearch.org/latest/im-plugin/index-alias/"""
    tell("POST", f"/{name}/_refresh")
    others = [other for other in tell("GET", f"/{alias()}-*/_alias") if other != name]
    actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias()}}]
    actions += [{"remove_index": {"index": other}} for other in others]
    tell("POST", "/_aliases", {"actions": actions})


def _write(targets: Sequence[dict[str, Any]], documents: Sequence[Document], *, version: int) -> None:
    lines = [line for target in targets for document in documents for line in _lines(target, document, version)]
    if not lines:
        return
    told = bulk(lines)
    deeds = [(name, deed["status"]) for item in told.get("items", []) for name, deed in item.items()]
    failed = [status for name, status in deeds if status >= 300 and not _is_harmless(name, status)]
    if failed or len(deeds) != len(targets) * len(documents):
        raise Away(f"{len(failed)} of {len(deeds)} documents were not taken")


def _is_harmless(deed: str, status: int) -> bool:
    """Newer already, or gone already; to be put where there is no index is neither."""
    return status == 409 or (deed, status) == ("delete", 404)


def _lines(target: dict[str, Any], document: Document, version: int) -> Iterator[Any]:
    about = target | {"_id": document.id, "version": version, "version_type": "external_gte"}
    if document.source is None:
        yield {"delete": about}
    else:
        yield {"index": about}
        yield document.source
