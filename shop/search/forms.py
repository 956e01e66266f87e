"""What the address says somebody looks for. Nonsense in it is passed over: an address is often mended by hand."""

import re
from typing import Any

from django import forms
from django.core.exceptions import TooManyFieldsSent
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import LARGEST_ID

from .criteria import PRICE_SORTS, PriceRange, Sort

LONGEST_SEARCH = 200
MOST_FIELDS = 1_000
LONGEST_ADDRESS = 20_000
"""Each filter that is chosen stands in the address of each that could be: more would make a page of megabytes."""

UNTYPED = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")
"""Control characters, those that turn the direction of what follows (UAX 9), and lone surrogates."""

SORTS = {
    Sort.RELEVANCE: _("Relevance"),
    Sort.NEWEST: _("Newest"),
    Sort.POPULAR: _("Most popular"),
    Sort.PRICE_ASCENDING: _("Price, low to high"),
    Sort.PRICE_DESCENDING: _("Price, high to low"),
    Sort.TITLE: _("Name"),
}


def typed(text: str) -> str:
    """What somebody may have typed: a space stands for whatever no keyboard types."""
    return text if text.isprintable() else UNTYPED.sub(" ", text)


class BrowseForm(forms.Form):
    """The order of a list of products; its first choice is the one that is taken when none is made. `data` is the
    address as `typed`.

    Raises `TooManyFieldsSent`, which Django answers with 400, where an address has more than `MOST_FIELDS` or
    `LONGEST_ADDRESS` characters.
    """

    sort_by = forms.ChoiceField(label=_("Sort by"), required=False)
    sorts = (Sort.NEWEST, Sort.POPULAR, Sort.PRICE_ASCENDING, Sort.PRICE_DESCENDING, Sort.TITLE)

    def __init__(self, data: QueryDict, *, by_price: bool = True, **kwargs: Any) -> None:
        values = [value for _, values in data.lists() for value in values]
        if len(values) > MOST_FIELDS or sum(map(len, values)) > LONGEST_ADDRESS:
            raise TooManyFieldsSent("An address with more than anybody chooses or types.")
        super().__init__(_typed(data), **kwargs)
        self.by_price = by_price
        if not by_price:
            self.sorts = tuple(sort for sort in self.sorts if sort not in PRICE_SORTS)
        self.fields["sort_by"].choices = [(sort.value, SORTS[sort]) for sort in self.sorts]

    @property
    def sort(self) -> Sort:
        return Sort(self.cleaned("sort_by") or self.sorts[0])

    @property
    def words(self) -> str:
        return ""

    @property
    def page(self) -> int:
        """The number of the page; 0 where that is no number."""
        number = self.data.get("page", "1")
        return int(number) if number.isdecimal() and len(number) < 7 else 0

    @property
    def categories(self) -> tuple[int, ...]:
        return self._ids("category")

    @property
    def classes(self) -> tuple[int, ...]:
        return self._ids("type")

    @property
    def price_buckets(self) -> tuple[int, ...]:
        most = len(PriceRange.all()) if self.by_price else 0
        return tuple(bucket for bucket in self._ids("price") if bucket < most)

    @property
    def only_in_stock(self) -> bool:
        return self.data.get("stock") == "1"

    def cleaned(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name, "")

    def _ids(self, name: str) -> tuple[int, ...]:
        numbers = (int(value) for value in self.data.getlist(name) if value.isdecimal() and len(value) < 20)
        return tuple(dict.fromkeys(number for number in numbers if number <= LARGEST_ID))


class SearchForm(BrowseForm):
    q = forms.CharField(required=False, label=_("Search"))
    sorts = (Sort.RELEVANCE, *BrowseForm.sorts)

    @property
    def words(self) -> str:
        return self.cleaned("q")[:LONGEST_SEARCH]


def _typed(data: QueryDict) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in data.lists():
        query.setlist(typed(name), list(map(typed, values)))
    return query
