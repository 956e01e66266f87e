"""What price lists price: products and categories, found by words, in pages, each with what people call it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.partner.models import StockRecord
from shop.pricing.changes import Target
from shop.pricing.models import PriceList

PAGE_SIZE = 20
KEY = re.compile(r"([cp])(\d{1,15})")
PATH = " > "
"""Stands between the names of a category and those above it, as in files."""


@dataclass(frozen=True)
class Named:
    """A product or a category as a price list shows it."""

    target: Target
    title: str
    code: str = ""
    own_price: Decimal | None = None
    """Of its stock record, in the list's currency, without tax; what no list prices costs this."""

    @property
    def key(self) -> str:
        return key_of_target(self.target)


@dataclass(frozen=True)
class Page:
    targets: list[Target]
    next: str = ""
    """The key of the last, where more follow it."""


def key_of_target(target: Target) -> str:
    """`p12`, `c3`: how addresses and forms name it."""
    return f"c{target.category_id}" if target.category_id else f"p{target.product_id}"


def target_keyed(key: str) -> Target | None:
    """The product or category of such a key, which need not exist; None for anything else."""
    if not (found := KEY.fullmatch(key)):
        return None
    return Target(category_id=int(found[2])) if found[1] == "c" else Target(product_id=int(found[2]))


def page_of_targets(price_list: PriceList, words: str = "", after: str = "") -> Page:
    """What has prices in a list: categories, then products, each in the order of their ids, from behind a key on."""
    tiers = price_list.tiers.current_or_ending_after(timezone.now()).order_by()
    categories = Category.objects.filter(Exists(tiers.filter(category=OuterRef("pk"))))
    products = Product.objects.filter(Exists(tiers.filter(product=OuterRef("pk"))))
    if words:
        categories, products = categories.filter(name__icontains=words), _matching(products, words)
    last, found = target_keyed(after) or Target(), []
    if not last.product_id:
        found += [Target(category_id=pk) for pk in _ids(categories, last.category_id, PAGE_SIZE + 1)]
    found += [Target(product_id=pk) for pk in _ids(products, last.product_id, PAGE_SIZE + 1 - len(found))]
    shown = found[:PAGE_SIZE]
    return Page(shown, key_of_target(shown[-1]) if found[PAGE_SIZE:] else "")


def named(targets: Iterable[Target], currency: str) -> dict[Target, Named]:
    """In as many queries for many as for few; those that the merchant has not are left out."""
    targets = set(targets)
    products = Product.objects.filter(pk__in=[target.product_id for target in targets if target.product_id])
    found = {}
    for product in products.select_related("parent").prefetch_related("stockrecords"):
        records = sorted(product.stockrecords.all(), key=lambda record: record.pk)
        own = [record.price for record in records if record.price is not None and record.price_currency == currency]
        code = ", ".join(dict.fromkeys(record.partner_sku for record in records)) or product.code or product.upc or ""
        target = Target(product_id=product.pk)
        found[target] = Named(target, product.get_title(), code, own[0] if own else None)
    for pk, name in _full_names([target.category_id for target in targets if target.category_id]).items():
        found[Target(category_id=pk)] = Named(Target(category_id=pk), name)
    return found


def targets_called(texts: Collection[str]) -> dict[str, set[Target]]:
    """What each of these may mean: a product's SKU, code (that of one in variants) or UPC, as written or in capitals or
    small letters throughout, or else a category's name, alone or below the others'."""
    called: dict[str, set[Target]] = defaultdict(set)
    spelled = {spelling for text in texts for spelling in (text, text.lower(), text.upper())}
    for name, pk in StockRecord.objects.filter(partner_sku__in=spelled).values_list("partner_sku", "product"):
        called[name.lower()].add(Target(product_id=pk))
    for names in Product.objects.filter(Q(code__in=spelled) | Q(upc__in=spelled)).values_list("code", "upc", "pk"):
        for name in spelled.intersection(names[:2]):
            called[name.lower()].add(Target(product_id=names[2]))
    found = defaultdict(set, {text: called[text.lower()] for text in texts if text.lower() in called})
    paths = {text: [name.strip() for name in text.split(PATH.strip())] for text in texts if text not in found}
    alike = Category.objects.filter(name__in=[path[-1] for path in paths.values()])
    full = _full_names(list(alike.values_list("pk", flat=True)))
    for text, path in paths.items():
        for pk, name in full.items():
            if f"{PATH}{name}".endswith(f"{PATH}{PATH.join(path)}"):
                found[text].add(Target(category_id=pk))
    return found


def _ids(rows: QuerySet, last: int | None, most: int) -> Iterable[int]:
    return rows.filter(pk__gt=last or 0).order_by("pk").values_list("pk", flat=True)[:most] if most > 0 else ()


def _matching(products: QuerySet[Product], words: str) -> QuerySet[Product]:
    """Whose SKU, code, UPC or title contains the words, or the title or a category of the product that they vary."""
    called = StockRecord.objects.filter(partner_sku__icontains=words).values("product")
    worded = Q(title__icontains=words) | Q(code__icontains=words) | Q(upc__icontains=words)
    titled = Product.objects.filter(worded).values("pk")
    within = Product.categories.through.objects.filter(category__name__icontains=words).values("product")
    return products.filter(
        Q(pk__in=called) | Q(pk__in=titled) | Q(parent__in=titled) | Q(pk__in=within) | Q(parent__in=within)
    )


def _full_names(ids: Collection[int]) -> dict[int, str]:
    """The names of categories behind those of all that are above them."""
    paths = dict(Category.objects.filter(pk__in=ids).values_list("pk", "path"))
    step = Category.steplen
    steps = {pk: [path[:end] for end in range(step, len(path) + 1, step)] for pk, path in paths.items()}
    above = Category.objects.filter(path__in={path for each in steps.values() for path in each})
    names = dict(above.values_list("path", "name"))
    return {pk: PATH.join(names[path] for path in each) for pk, each in steps.items()}
