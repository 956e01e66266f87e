"""What every template of the shopper's side can name."""

from typing import Any

from django.contrib.messages import get_messages
from django.db.models.fields.files import ImageFieldFile
from django.forms import Form
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from oscar.apps.partner.strategy import PurchaseInfo
from oscar.core.thumbnails import get_thumbnailer
from oscar.templatetags.basket_tags import basket_form as oscars_basket_form

from shop.basket.middleware import basket_size as size_of_basket
from shop.catalogue.models import Product, ProductImage
from shop.catalogue.prose import prose
from shop.companies.acting import Choice, choice_of
from shop.pricing.formats import money


def environment(**options: Any) -> Environment:
    """A theme's environment."""
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - Django sets autoescape
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    env.globals.update(url=url, static=static, money=money, now=timezone.now, language=language)
    env.globals.update(
        purchase_info=purchase_info,
        basket_form=basket_form,
        basket_size=basket_size,
        buying_choice=buying_choice,
        image_url=image_url,
    )
    env.filters.update(money=money, date=date_format, prose=prose)
    return env


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a named address."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@pass_context
def purchase_info(context: Context, product: Product) -> PurchaseInfo:
    """What the product costs this visitor and whether it can be bought; of a product in variants: from which price."""
    strategy = context["request"].strategy
    return strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)


@pass_context
def basket_form(context: Context, product: Product, kind: str = "single") -> Form:
    """The form that adds a product to the basket; `multi` asks for the quantity. Tells what was wrong last time."""
    return oscars_basket_form(context["request"], product, kind)


@pass_context
def basket_size(context: Context) -> int:
    """How many pieces are in this visitor's basket."""
    return size_of_basket(context["request"])


@pass_context
def buying_choice(context: Context) -> Choice:
    """For whom this visitor may buy, and for whom they do."""
    return choice_of(context["request"])


def image_url(image: ProductImage | ImageFieldFile, size: str) -> str:
    """The address of a product's or a category's picture that fits into `WIDTHxHEIGHT`."""
    file = image if isinstance(image, ImageFieldFile) else image.original
    return get_thumbnailer().generate_thumbnail(file, size=size).url


def language() -> str:
    """The language that is spoken, as HTML's `lang` says it."""
    return translation.get_language() or "en-gb"


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What each page of a store is given. A page masks one CSRF token, however many forms it has."""
    return {
        "store": getattr(request, "store", None),
        "user": getattr(request, "user", None),
        "messages": get_messages(request),
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
    }
