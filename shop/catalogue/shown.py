"""The products of a list, by their ids: read together when the first of them is looked at, which may be never."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from shop.stores.models import Store

from .families import load_for_cards
from .models import Product
from .sold import products_sold
from .wares import Ware, wares_sold


class Shown(Sequence[Any]):
    """In order. Of what the store shows no more since it was found, ware and product are None."""

    def __init__(self, ids: Iterable[int], store: Store) -> None:
        self.ids, self.store = list(ids), store

    @cached_property
    def wares(self) -> dict[int, Ware]:
        """What their cards show."""
        return {ware.pk: ware for ware in wares_sold(self.ids, self.store)}

    @property
    def family(self) -> list[Ware]:
        """The same with the variants of each."""
        return [each for ware in self.wares.values() for each in (ware, *ware.variants)]

    @cached_property
    def loaded(self) -> dict[int, Product]:
        return {product.pk: product for product in products_sold(self.ids, self.store, load_for_cards)}

    def sold(self) -> dict[int, "Listed"]:
        """Those that the store does show, by their ids."""
        return {pk: Listed(pk, self) for pk in self.ids if pk in self.wares}

    def products(self) -> list[Product]:
        """The same as products, for whoever shows more of them than their cards."""
        return [self.loaded[pk] for pk in self.ids if pk in self.loaded]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return Listed(self.ids[index], self)

    def __iter__(self) -> Iterator[Any]:
        return (Listed(pk, self) for pk in self.ids)


class Listed:
    """One of them, which is a product to whoever looks at more than its `pk` and its `ware`."""

    def __init__(self, pk: int, among: Shown) -> None:
        self.pk, self.among = pk, among

    @property
    def ware(self) -> Ware | None:
        return self.among.wares.get(self.pk)

    @property
    def product(self) -> Product | None:
        return self.among.loaded.get(self.pk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.product, name)

    def __eq__(self, other: object) -> bool:
        return self.pk == getattr(other, "pk", None)

    def __hash__(self) -> int:
        return hash(self.pk)

    def __str__(self) -> str:
        return str(self.product)
