"""Synonyms and led searches, as staff write them."""

from posixpath import normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from shop.stores.models import Store

from ..models import LONGEST_TERM, LedSearch, SynonymGroup
from ..words import LONGEST_TERM_IN_WORDS, folded

MOST_TERMS, MOST_FIRST = 20, 20


class TermsField(forms.CharField):
    """Words and phrases between commas."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text=_("Words or phrases, with a comma between them."), max_length=2000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        terms = list(dict.fromkeys(filter(None, map(folded, super().clean(value).split(",")))))
        if not terms:
            raise ValidationError(_("A word is needed."))
        if len(terms) > MOST_TERMS:
            raise ValidationError(_("No more than %(most)d, please.") % {"most": MOST_TERMS})
        for term in terms:
            if len(term) > LONGEST_TERM or len(term.split()) > LONGEST_TERM_IN_WORDS:
                raise ValidationError(_("“%(term)s” is too long: up to four words are compared.") % {"term": term})
        return terms


class SynonymForm(forms.ModelForm):
    terms = TermsField(label=_("Search term"))
    meanings = TermsField(label=_("also finds"))

    class Meta:
        model = SynonymGroup
        fields = ["terms", "meanings", "works_both_ways"]


class LedForm(forms.ModelForm):
    """Products are named by SKU or barcode, one a line, in their order."""

    products = forms.CharField(
        label=_("These stand first"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A SKU or barcode a line, in their order."),
    )

    class Meta:
        model = LedSearch
        fields = ["query", "products", "leads_to"]
        help_texts = {"leads_to": _("Instead of a list: an address of this store, such as /catalogue/.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            firsts = [first.product_id for first in self.instance.firsts.all()]
            self.initial["products"] = "\n".join(_codes_of(firsts))

    def clean_query(self) -> str:
        """As searches are compared. One is led once in a store."""
        query = folded(self.cleaned_data["query"])
        if not query:
            raise ValidationError(_("A word is needed."))
        others = LedSearch.objects.filter(store=self.instance.store_id, query=query).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("This search leads somewhere already."))
        return query

    def clean_leads_to(self) -> str:
        """No search, however it is written: two might lead to each other."""
        address = self.cleaned_data["leads_to"]
        if f"{normpath(unquote(urlsplit(address).path))}/".startswith(reverse("search:search")):
            raise ValidationError(_("A search leads to no other search: make them synonyms."))
        return address

    def clean_products(self) -> list[int]:
        """The ids of the products; a variant stands for what it is a variant of."""
        codes = list(dict.fromkeys(filter(None, map(str.strip, self.cleaned_data["products"].splitlines()))))
        if len(codes) > MOST_FIRST:
            raise ValidationError(_("No more than %(most)d, please.") % {"most": MOST_FIRST})
        by_code = _called(codes, self.instance.store)
        if unknown := [code for code in codes if code not in by_code]:
            raise ValidationError(_("Not sold in this store: %(codes)s.") % {"codes": ", ".join(unknown)})
        return list(dict.fromkeys(by_code[code] for code in codes))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("products")) == bool(cleaned.get("leads_to")):
            raise ValidationError(_("Either products or an address, please."))
        return cleaned


def _called(codes: list[str], store: Store) -> dict[str, int]:
    """By SKU or barcode: the ids of products that shoppers of this store see."""
    records = StockRecord.objects.filter(partner_sku__in=codes).order_by("-pk")
    found = dict(records.values_list("partner_sku", "product"))
    found = dict(Product.objects.filter(upc__in=codes).values_list("upc", "pk")) | found
    seen = Product.objects.visible().for_store(store).filter(pk__in=found.values())
    whole = {pk: parent or pk for pk, parent in seen.values_list("pk", "parent")}
    return {code: whole[pk] for code, pk in found.items() if pk in whole}


def _codes_of(product_ids: list[int]) -> list[str]:
    """How each is called by the form: by its own SKU, a barcode, or the SKU of a variant."""
    records = StockRecord.objects.filter(product__in=product_ids).order_by("-pk")
    of_variants = StockRecord.objects.filter(product__parent__in=product_ids).order_by("-pk")
    barcodes = Product.objects.filter(pk__in=product_ids, upc__isnull=False).values_list("pk", "upc")
    codes = dict(of_variants.values_list("product__parent", "partner_sku")) | dict(barcodes)
    codes |= dict(records.values_list("product", "partner_sku"))
    return [codes[pk] for pk in product_ids if pk in codes]
