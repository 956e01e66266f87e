"""What every template of the shopper's side can name."""

from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models.fields.files import ImageFieldFile
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString
from jinja2 import Environment, pass_context
from jinja2.runtime import Context, Macro
from oscar.apps.partner.strategy import PurchaseInfo
from oscar.core.thumbnails import get_thumbnailer
from oscar.templatetags.basket_tags import basket_form as oscars_basket_form

from cms_pages.photos import photo_showing, photo_text
from config.templating import ThemeEnvironment
from shop.basket.forms import AddToBasketForm, SimpleAddToBasketForm
from shop.basket.middleware import basket_size as size_of_basket
from shop.catalogue.models import Product, ProductImage
from shop.catalogue.prose import prose
from shop.catalogue.shown import Listed
from shop.catalogue.wares import Sold
from shop.companies.acting import Choice, choice_of, company_of
from shop.currencies.choice import currency_of
from shop.customer.history import has_history as has_seen_something
from shop.pagecache.fragments import kept as fragment
from shop.pagecache.slots import address_of, csrf_field, is_marked, mark, slot_of
from shop.partner.cards import FEW, Card, quantities_of
from shop.partner.cards import card_of as make_card
from shop.partner.price_tables import Steps
from shop.partner.price_tables import price_reasons as reasons_of
from shop.partner.price_tables import price_tables as tables_of
from shop.pictures.showing import showing
from shop.pricing.context import tax_display_of, tells_no_prices
from shop.pricing.explanations import Reason
from shop.pricing.formats import money
from shop.stores.models import TaxDisplay
from shop.stores.routes import path_to, query_without
from shop.stores.texts import gettext

PLACE = mark("loading")
"""Where a card that is kept will say when its picture is to be loaded."""
LOADING = {"main": ' fetchpriority="high"', "eager": "", "lazy": ' loading="lazy"'}
"""Attributes of that picture."""


def environment(**options: Any) -> Environment:
    """A theme's environment."""
    env = ThemeEnvironment(trim_blocks=True, lstrip_blocks=True, **options)
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(url=url, static=static, money=money, now=timezone.now, language=language)
    env.globals.update(shows_tax=shows_tax, hides_prices=hides_prices, chosen_currency=chosen_currency)
    env.globals.update(price_tables=price_tables, price_reasons=price_reasons, quantities=quantities_of)
    env.globals.update(
        slot=slot,
        kept=kept,
        here=here,
        is_kept=is_kept,
        card_of=card_of,
        query_without=query_without,
        FEW=FEW,
        purchase_info=purchase_info,
        basket_form=basket_form,
        basket_size=basket_size,
        buying_choice=buying_choice,
        has_history=has_history,
        image_url=image_url,
        showing=showing,
        photo_showing=photo_showing,
        photo_text=photo_text,
    )
    env.filters.update(money=money, date=date_format, prose=prose)
    return env


@lru_cache(maxsize=1_000)
def static(name: str) -> str:
    """The address of a file of a theme's or an app's."""
    return staticfiles_storage.url(name)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named address."""
    if kwargs.keys() == {"pk"} and isinstance(kwargs["pk"], int):
        return path_to(name, **kwargs)
    return _url(name, *args, **kwargs)


@lru_cache(maxsize=2_000)
def _url(name: str, *args: Any, **kwargs: Any) -> str:
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def slot(context: Context, name: str) -> str:
    """What is of this very visitor: `slots/NAME.html`, or its place in a page that is kept."""
    template = context.environment.get_template(f"slots/{name}.html")
    return slot_of(context["request"], name, lambda: template.render(context.get_all()))


@pass_context
def kept(context: Context, macro: Macro, product: Any, *args: Any, loading: str = "", **kwargs: Any) -> SafeString:
    """What a macro makes of a product's card, rendered once for all pages that show it so.

    The product may be yet to be read (`shop.catalogue.shown`); what the store shows no more comes to nothing. When its
    picture is to be loaded differs by place: `lazy`, `eager`, or as the `main` one of the page.
    """
    store = context["store"]
    what = (store.theme, store.language, macro.name, product.pk, bool(loading), args, *kwargs.items())
    at_its_place = {"loading": PLACE} if loading else {}

    def render() -> str:
        card = card_of(context, product)
        # Plain text: markup would escape what is put into its place.
        return str(macro(card, *args, **at_its_place, **kwargs)) if card else ""

    text = fragment(context["request"], what, render)
    return SafeString(text.replace(PLACE, LOADING[loading]) if loading else text)


@pass_context
def card_of(context: Context, product: Any) -> Card | None:
    """What a card shows of a product to this visitor; None where the store shows it no more."""
    if isinstance(product, Card):
        return product
    if not isinstance(product, Listed):
        picture = showing(next(iter(product.get_all_images()), None))
        return make_card(product, purchase_info(context, product), picture, product=product)
    if (ware := product.ware) is None:
        return None
    return make_card(ware, purchase_info(context, ware), ware.picture, product=product)


@pass_context
def here(context: Context) -> str:
    """The address of this page, for forms that come back to it."""
    return address_of(context["request"])


@pass_context
def is_kept(context: Context) -> bool:
    """Whether this page is made for all who see the same."""
    return is_marked(context["request"])


@pass_context
def purchase_info(context: Context, product: Sold) -> PurchaseInfo:
    """What the product costs this visitor and whether it can be bought; of a product in variants: from which price."""
    strategy = context["request"].strategy
    return strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)


@pass_context
def shows_tax(context: Context) -> bool:
    """Whether the reader is shown prices with tax: the visitor, or whom a letter about an order is for."""
    request, order = context.get("request"), context.get("order")
    if request is not None:
        company = company_of(request) if hasattr(request, "user") else None
    else:
        company = order.company if order else None
    return tax_display_of(context["store"], company) == TaxDisplay.INCLUSIVE


@pass_context
def hides_prices(context: Context) -> bool:
    """Whether the store tells this visitor no prices."""
    return tells_no_prices(context["request"])


@pass_context
def chosen_currency(context: Context) -> str:
    """In which this visitor sees prices; ISO 4217."""
    return currency_of(context["request"])


@pass_context
def price_tables(context: Context, product: Product) -> list[tuple[str, Steps]]:
    """Prices by quantity where they differ, as the reader is shown them."""
    return tables_of(product, context["request"].strategy, with_tax=shows_tax(context))


@pass_context
def price_reasons(context: Context, product: Product) -> list[tuple[str, tuple[Reason, ...]]]:
    """Why a product costs this visitor what it costs."""
    return reasons_of(product, context["request"].strategy)


@pass_context
def basket_form(context: Context, product: Product, kind: str = "single") -> Form:
    """The form that adds a product to the basket; `multi` asks for the quantity. Tells what was wrong last time, but
    on a page that is made for all."""
    request = context["request"]
    if not is_marked(request):
        return oscars_basket_form(request, product, kind)
    initial = {} if product.is_parent else {"product_id": product.pk}
    of_kind = AddToBasketForm if kind == "multi" else SimpleAddToBasketForm
    return of_kind(request.basket, product, initial=initial)


@pass_context
def basket_size(context: Context) -> int:
    """How many pieces are in this visitor's basket."""
    return size_of_basket(context["request"])


@pass_context
def buying_choice(context: Context) -> Choice:
    """For whom this visitor may buy, and for whom they do."""
    return choice_of(context["request"])


@pass_context
def has_history(context: Context) -> bool:
    """Whether this visitor may have looked at products of late."""
    return has_seen_something(context["request"])


def image_url(image: ProductImage | ImageFieldFile, size: str) -> str:
    """One address of a product's or a category's picture that is as wide as `WIDTHxHEIGHT` says, or as it can be."""
    file = image if isinstance(image, ImageFieldFile) else image.original
    return get_thumbnailer().generate_thumbnail(file, size=size).url


def language() -> str:
    """The language that is spoken, as HTML's `lang` says it."""
    return translation.get_language() or "en-gb"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What each page of a store is given. A page masks one CSRF token, however many forms it has."""
    field = csrf_field(request) if is_marked(request) else SimpleLazyObject(lambda: csrf_field(request))
    return {
        "store": getattr(request, "store", None),
        "user": getattr(request, "user", None),
        "messages": get_messages(request),
        "csrf_input": field,
    }
