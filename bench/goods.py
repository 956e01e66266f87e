"""A catalogue of any size, streamed into the database by COPY; the same for the same seed.

The application's own triggers stand on the tables and make the rows of search, of numbers and of stock from it.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product

from django.utils import timezone
from django.utils.text import slugify

from bench.loading import copy
from shop.catalogue.models import AttributeOption, AttributeOptionGroup, Category, ProductAttribute, ProductClass
from shop.partner.models import Partner
from shop.pictures.ladder import WIDTHS, Renditions
from shop.stores.models import Store
from shop.stores.scope import own_scope

CHUNK = 10_000
"""Products that are written in one transaction: what a fill takes of memory."""
VOCABULARY = 20_000
WEIGHTS = list(accumulate(1 / (n + 10) for n in range(VOCABULARY)))
SYLLABLES = [
    a + b
    for a, b in product(
        ("b", "cl", "d", "f", "gr", "k", "l", "m", "n", "p", "s", "tr", "v", "z"), ("a", "e", "i", "o", "u")
    )
]
PER_ROOT, PER_BRANCH = 250, 25
"""Categories in a root, itself apart, and in each of those below it, itself among them."""

EVEN, PER_EVEN = 25, 240
"""The first categories have as many products each, however many there are in all; their word is in no other product."""
EVERYWHERE = "piece"
"""A word of each product."""
CLASSES = ("Tools", "Textiles", "Tableware", "Toys", "Lamps", "Paper")
FACETS = {
    "Colour": "amber black blue brown copper cream green grey red silver white yellow",
    "Material": "cotton glass iron linen oak porcelain steel wool",
    "Size": "tiny small medium large huge",
}


def vocabulary(seed: int) -> list[str]:
    """The words that titles are made of, the most frequent first."""
    dice, made = random.Random(f"words {seed}"), dict[str, None]()
    while len(made) < VOCABULARY:
        made["".join(dice.choices(SYLLABLES, k=dice.randint(2, 4)))] = None
    return list(made)


def even_words(words: Sequence[str]) -> list[str]:
    """No syllable begins so."""
    return [f"qu{word}" for word in words[-EVEN:]]


def even_categories(products: int) -> int:
    """How many there are; at most half of all products are in them."""
    return min(products // 2 // PER_EVEN, EVEN)


def fill_catalogue(
    store: Store, words: Sequence[str], *, products: int, categories: int, dice: random.Random, first: int = 1
) -> None:
    """Products of the current merchant with the ids from `first` on, sold in this store. Where no scope is open, each
    `CHUNK` gets one of its own."""
    with own_scope():
        goods = Goods.in_categories(store, words, even_categories(products), categories, dice)
    for start in range(0, products, CHUNK):
        with own_scope():
            goods.write(first, range(start, min(start + CHUNK, products)))


@dataclass(frozen=True)
class Goods:
    """What products are made of."""

    store: Store
    partner: Partner
    dice: random.Random
    words: Sequence[str]
    leaves: Sequence[int]
    even: Sequence[int]
    """Ids of the categories with `PER_EVEN` products each."""
    values: dict[int, list[tuple[int, list[int]]]]
    """Of each product class: its attributes, and the options of each."""

    @classmethod
    def in_categories(
        cls, store: Store, words: Sequence[str], even: int, categories: int, dice: random.Random
    ) -> "Goods":
        leaves = list(_tree([word.capitalize() for word in even_words(words)[:even]], words, categories, dice))
        partner = Partner.objects.create(name="Bench", code="bench")
        return cls(store, partner, dice, words, leaves[even:] or leaves, leaves[:even], _classes())

    def write(self, first: int, numbers: range) -> None:
        """Listings last: the rows of search are made once, when all else is there."""
        ids = [first + number for number in numbers]
        classes = self.dice.choices(list(self.values), k=len(ids))
        self._write_products(ids, classes, [self._title(number) for number in numbers])
        leaves = (self._even(number) or self.dice.choice(self.leaves) for number in numbers)
        copy("catalogue_productcategory", "product_id category_id", zip(ids, leaves, strict=True))
        values = ((n, *value, "", "") for n, kind in zip(ids, classes, strict=True) for value in self._values(kind))
        columns = "product_id attribute_id value_option_id value_file value_image"
        copy("catalogue_productattributevalue", columns, values)
        columns = "product_id original caption display_order date_created renditions"
        copy("catalogue_productimage", columns, ((n, _picture(n), "", 0, timezone.now(), _drawn(n)) for n in ids))
        self._write_stock(ids, [10_000 if self._even(number) or number % 10 else 0 for number in numbers])
        copy("listings_listing", "store_id product_id listed_at", ((self.store.pk, n, timezone.now()) for n in ids))

    def _write_products(self, ids: Sequence[int], classes: Sequence[int], titles: Sequence[str]) -> None:
        columns = "id structure is_public title slug upc description priority product_class_id is_discountable"
        now, named = timezone.now(), zip(ids, classes, titles, strict=True)
        rows = (
            (n, "standalone", True, title, slugify(title), f"40{n:011}", self._prose(), 0, kind, True, now, now)
            for n, kind, title in named
        )
        copy("catalogue_product", f"{columns} date_created date_updated", rows)

    def _write_stock(self, ids: Sequence[int], pieces: Sequence[int]) -> None:
        columns = "product_id partner_id partner_sku price_currency price num_in_stock date_created date_updated"
        now, counted = timezone.now(), zip(ids, pieces, strict=True)
        rows = (
            (n, self.partner.pk, f"SKU-{n}", "GBP", f"{self.dice.uniform(1, 500):.4f}", number, now, now)
            for n, number in counted
        )
        copy("partner_stockrecord", columns, rows)

    def _even(self, number: int) -> int | None:
        return self.even[number // PER_EVEN] if number // PER_EVEN < len(self.even) else None

    def _title(self, number: int) -> str:
        """Of three to six words, some of which are in many titles."""
        words = self.dice.choices(self.words, cum_weights=WEIGHTS, k=self.dice.randint(3, 6))
        return " ".join(
            [*words, *([even_words(self.words)[number // PER_EVEN]] if self._even(number) else [])]
        ).capitalize()

    def _values(self, kind: int) -> Iterator[tuple[int, int]]:
        return ((attribute, self.dice.choice(options)) for attribute, options in self.values[kind])

    def _prose(self) -> str:
        return f"<p>Sold by the {EVERYWHERE}. {' '.join(self.dice.choices(self.words, k=12)).capitalize()}.</p>"


def _classes() -> dict[int, list[tuple[int, list[int]]]]:
    """With the same attributes each; their ids, those of the attributes and of the options."""
    kinds = [ProductClass.objects.create(name=name) for name in CLASSES]
    groups = {name: _options(name, options.split()) for name, options in FACETS.items()}
    return {kind.pk: [(_attribute(kind, group), options) for group, options in groups.values()] for kind in kinds}


def _options(name: str, options: Sequence[str]) -> tuple[AttributeOptionGroup, list[int]]:
    group = AttributeOptionGroup.objects.create(name=name, code=name.lower())
    return group, [AttributeOption.objects.create(group=group, option=option.capitalize()).pk for option in options]


def _attribute(kind: ProductClass, group: AttributeOptionGroup) -> int:
    return ProductAttribute.objects.create(
        product_class=kind, name=group.name, code=group.code, type=ProductAttribute.OPTION, option_group=group
    ).pk


def _tree(names: Sequence[str], words: Sequence[str], categories: int, dice: random.Random) -> Iterator[int]:
    """Of three levels; the ids of the lowest, the first of which have these names."""
    named = iter(names)
    for end in range(PER_ROOT, categories + PER_ROOT, PER_ROOT):
        root = Category.add_root(name=dice.choice(words).capitalize())
        for _ in range(min(PER_ROOT, PER_ROOT + categories - end) // PER_BRANCH):
            branch = root.add_child(name=" ".join(dice.sample(words, 2)).capitalize())
            for _ in range(PER_BRANCH - 1):
                name = next(named, None) or " ".join(dice.sample(words, 2)).capitalize()
                yield branch.add_child(name=name).pk


def _picture(number: int) -> str:
    return f"images/products/bench/{number}.jpg"


def _drawn(number: int) -> str:
    """As if all had been made of the picture that is: a page shows it without a look at the file."""
    return json.dumps(Renditions(of=_picture(number), width=1600, height=1600, widths=WIDTHS).as_row())
