"""The ways onto a list: from a product, the basket, an order, a quick order."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from shop.catalogue.models import Product
from shop.order.models import Order
from shop.quickorder.buyers import buyer_of, may_order
from shop.quickorder.forms import rows_in
from shop.quickorder.review import review
from shop.requisitions import actions
from shop.requisitions.errors import TooMany
from shop.requisitions.forms import KeepForm, KeepProductForm
from shop.requisitions.models import RequisitionList

from .frame import GET_POST, make, page, shareable_in, visible_lists

Goods = Sequence[tuple[Product, int]]
"""Products, and how many of each."""


@login_required
@require_http_methods(GET_POST)
def keep_product(request: HttpRequest, product_pk: int) -> HttpResponse:
    sold = Product.objects.visible().for_store(request.store).select_related("parent")  # type: ignore[attr-defined]
    product = get_object_or_404(sold.page(), pk=product_pk)
    form = KeepProductForm(request.POST or None, product=product, **_choices(request))
    return _keep(request, form, lambda: [form.chosen()], what=product.get_title())


@login_required
@require_http_methods(GET_POST)
def keep_basket(request: HttpRequest) -> HttpResponse:
    goods = [(line.product, line.quantity) for line in request.basket.all_lines()]  # type: ignore[attr-defined]
    form = KeepForm(request.POST or None, **_choices(request))
    return _keep(request, form, lambda: goods, what=_products(len(goods)))


@login_required
@require_http_methods(GET_POST)
def keep_order(request: HttpRequest, order_number: str) -> HttpResponse:
    orders = Order.objects.for_store(request.store).visible_to(request.user)  # type: ignore[attr-defined]
    order = get_object_or_404(orders, number=order_number)
    lines = order.lines.filter(product__isnull=False).select_related("product__parent")
    goods = [(line.product, line.quantity) for line in lines]
    form = KeepForm(request.POST or None, **_choices(request))
    return _keep(request, form, lambda: goods, what=_products(len(goods)))


@login_required
@require_POST
def keep_review(request: HttpRequest) -> HttpResponse:
    """The rows of a quick order. Those that are no product yet are named, since they can't stand on a list."""
    rows = review(rows_in(request.POST), buyer_of(request)).rows
    goods = [(row.product, row.quantity or 1) for row in rows if row.product and not row.product.is_parent]
    unknown = [row.entry.title or row.entry.code for row in rows if not row.product or row.product.is_parent]
    form = KeepForm(request.POST if "to" in request.POST else None, **_choices(request))
    answer = _keep(request, form, lambda: goods, what=_products(len(goods)), rows=rows, unknown=unknown)
    if unknown and answer.status_code == 302:
        messages.warning(request, _("Not on the list: %(codes)s.") % {"codes": ", ".join(unknown)})
    return answer


def _choices(request: HttpRequest) -> dict[str, Any]:
    """On which lists this visitor may put things."""
    seen = visible_lists(request)
    return {"lists": seen if may_order(request) else seen.filter(company=None), "company": shareable_in(request)}


def _keep(request: HttpRequest, form: KeepForm, goods: Callable[[], Goods], **context: Any) -> HttpResponse:
    """Put the goods on the list that is chosen; else the page on which to choose one."""
    if form.is_valid():
        try:
            with transaction.atomic():  # a new list is not made for what does not fit on one
                kept = form.cleaned_data["to"] or make(request, form)
                _put(request, kept, goods())
        except TooMany as error:
            form.add_error(None, str(error))
        else:
            return redirect("requisitions:list", kept.pk)
    return page(request, "keep", _("Put on a requisition list"), form=form, **context)


def _put(request: HttpRequest, kept: RequisitionList, goods: Goods) -> None:
    prefetch_related_objects([product for product, _quantity in goods], "stockrecords")
    actions.put_on_list(kept, goods)
    text = ngettext(
        "%(n)d product is on the list “%(name)s”.", "%(n)d products are on the list “%(name)s”.", len(goods)
    )
    messages.success(request, text % {"n": len(goods), "name": kept.name})


def _products(count: int) -> str:
    return ngettext("%(n)d product", "%(n)d products", count) % {"n": count}
