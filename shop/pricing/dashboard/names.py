"""Fields in which people name a thing as they call it, since a merchant has too many of them for a choice."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.pricing.changes import YEARS
from shop.pricing.formats import trimmed
from shop.pricing.models import PriceList

MOST_NAMED = 5
"""Of those that a text may mean, a refusal names so many."""


class NamedField(forms.CharField):
    """A text whose value is the one thing that it names; None where it is empty."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self.named(text) if text else None

    def named(self, text: str) -> Any:
        """The thing. Raises `ValidationError` where there is none, or more than one."""
        found = next(filter(None, (list(rows[: MOST_NAMED + 1]) for rows in self.meant(text))), [])
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("Nothing is called “%(text)s”.") % {"text": text})
        names = ", ".join(map(self.name_of, found[:MOST_NAMED])) + (" …" if found[MOST_NAMED:] else "")
        raise ValidationError(_("“%(text)s” may mean: %(names)s.") % {"text": text, "names": names})

    def meant(self, text: str) -> Iterable[QuerySet[Any]]:
        """Those that a text may mean: what is called just so first. The first that finds something decides."""
        raise NotImplementedError

    def name_of(self, found: Any) -> str:
        return f"{found.name} ({found.code})"

    def prepare_value(self, value: Any) -> Any:
        return getattr(value, "code", value)


class CompanyField(NamedField):
    """By customer number, name, tax number, or one of its people's addresses."""

    def meant(self, text: str) -> Iterable[QuerySet[Company]]:
        companies = Company.objects.all()
        yield companies.filter(code__iexact=text)
        yield companies.filter(name__iexact=text)
        yield companies.matching(text)


class PriceListField(NamedField):
    """By short name or name."""

    def meant(self, text: str) -> Iterable[QuerySet[PriceList]]:
        lists = PriceList.objects.all()
        yield lists.filter(code__iexact=text)
        yield lists.filter(name__iexact=text)
        yield lists.filter(Q(name__icontains=text) | Q(code__icontains=text))


class ProductField(NamedField):
    """By SKU, the code of a product in variants, or the article's own number (UPC)."""

    def meant(self, text: str) -> Iterable[QuerySet[Product]]:
        products = Product.objects.select_related("parent")
        yield products.filter(pk__in=products.filter(stockrecords__partner_sku=text).values("pk"))
        yield products.filter(Q(upc__iexact=text) | Q(code__iexact=text))
        yield products.filter(pk__in=products.filter(stockrecords__partner_sku__iexact=text).values("pk"))

    def name_of(self, found: Product) -> str:
        return found.get_title()

    def prepare_value(self, value: Any) -> Any:
        return value.code or value.upc or "" if isinstance(value, Product) else value


class MomentInput(forms.DateTimeInput):
    """A browser's own choice of day and time; of seconds, where there are any."""

    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        if not isinstance(value, datetime):
            return value
        value = localtime(value) if value.tzinfo else value
        return value.replace(tzinfo=None).isoformat(timespec="seconds" if value.second else "minutes")


def refuse_other_years(moment: datetime) -> None:
    """Raises `ValidationError` for a moment that nobody means, and that may be more than Python can read again."""
    if moment.year not in YEARS:
        sensible = {"first": YEARS[0], "last": YEARS[-1]}
        raise ValidationError(_("Choose a year from %(first)d to %(last)d.") % sensible)


class MomentField(forms.DateTimeField):
    widget = MomentInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validators=[refuse_other_years], **kwargs)


class AmountInput(forms.TextInput):
    """Takes decimals as they are pasted, and opens a keyboard of figures."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "size": 8} | (attrs or {}))

    def format_value(self, value: Any) -> str | None:
        return super().format_value(trimmed(value) if isinstance(value, Decimal) else value)
