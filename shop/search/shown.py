"""The products of a page, by their ids: loaded together when the first of them is looked at, which may be never."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from shop.catalogue.models import Product


class Shown(Sequence[Any]):
    """In order. Of what the store shows no more since it was found, the product is None."""

    def __init__(self, ids: Iterable[int], load: Callable[[list[int]], Iterable[Product]]) -> None:
        self.ids, self.load = list(ids), load

    @cached_property
    def loaded(self) -> dict[int, Product]:
        return {product.pk: product for product in self.load(self.ids)}

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        return Listed(self.ids[index], self)

    def __iter__(self) -> Iterator[Any]:
        return (Listed(pk, self) for pk in self.ids)


class Listed:
    """One of them, which is a product to whoever looks at more than its `pk`."""

    def __init__(self, pk: int, among: Shown) -> None:
        self.pk, self.among = pk, among

    @cached_property
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
