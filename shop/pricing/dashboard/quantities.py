"""In which quantities products are sold: to whom a list is for, and to everybody."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shop.dashboard.guards import writes_need
from shop.partner.models import StockRecord
from shop.pricing.actions import LARGEST_PACK, set_quantity_rule
from shop.pricing.apps import CHANGES
from shop.pricing.changes import Target
from shop.pricing.errors import PricingRefused
from shop.pricing.models import PriceList, QuantityRule
from shop.pricing.quantities import QuantityTerms
from shop.staff.requests import StaffRequest
from shop.stores.keys import key_in

from .forms import WordsForm
from .frame import price_list_of
from .goods import named
from .names import ProductField

PAGE_SIZE = 50


class RuleForm(forms.Form):
    product = ProductField(label=gettext_lazy("SKU"))
    minimum = forms.IntegerField(
        label=gettext_lazy("At least"), min_value=1, max_value=LARGEST_PACK, initial=1, help_text=gettext_lazy("pieces")
    )
    multiple = forms.IntegerField(
        label=gettext_lazy("In packs of"),
        min_value=1,
        max_value=LARGEST_PACK,
        initial=1,
        help_text=gettext_lazy("pieces"),
    )


@require_http_methods(["GET", "POST"])
@writes_need(CHANGES)
def quantities(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """The rules of a list, or those for everybody: looked through, set, and taken away."""
    price_list, form = price_list_of(pk) if pk else None, RuleForm()
    rules = QuantityRule.objects.filter(price_list=price_list)
    if request.method == "POST":
        if "remove" in request.POST:
            return _removed(request, rules, price_list)
        form = RuleForm(request.POST)
        if form.is_valid() and _set(request, form, price_list):
            return redirect(request.get_full_path())
    return _page(request, price_list, _matching(rules, request), form)


def _set(request: StaffRequest, form: RuleForm, price_list: PriceList | None) -> bool:
    said = form.cleaned_data
    product, minimum, multiple = said["product"], said["minimum"], said["multiple"]
    try:
        set_quantity_rule(product, minimum=minimum, multiple=multiple, by=request.user, price_list=price_list)
    except PricingRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    least = QuantityTerms(minimum, multiple).least
    values = {"title": product.get_title(), "least": least, "multiple": multiple}
    messages.success(request, _("“%(title)s” is sold from %(least)d on, in packs of %(multiple)d.") % values)
    return True


def _removed(request: StaffRequest, rules: QuerySet[QuantityRule], price_list: PriceList | None) -> HttpResponse:
    rule = get_object_or_404(rules.select_related("product"), pk=key_in(request.POST["remove"]))
    set_quantity_rule(rule.product, minimum=1, multiple=1, by=request.user, price_list=price_list)
    messages.success(request, _("The rule is taken away."))
    return redirect(request.get_full_path())


def _matching(rules: QuerySet[QuantityRule], request: StaffRequest) -> QuerySet[QuantityRule]:
    search = WordsForm(request.GET)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    if not words:
        return rules.order_by("pk")
    called = StockRecord.objects.filter(partner_sku__icontains=words).values("product")
    titled = Q(product__title__icontains=words) | Q(product__parent__title__icontains=words)
    numbered = Q(product__code__icontains=words) | Q(product__upc__icontains=words)
    return rules.filter(titled | numbered | Q(product__in=called)).order_by("pk")


def _page(
    request: StaffRequest, price_list: PriceList | None, rules: QuerySet[QuantityRule], form: RuleForm
) -> HttpResponse:
    page = Paginator(rules, PAGE_SIZE).get_page(request.GET.get("page"))
    called = named({Target(product_id=rule.product_id) for rule in page}, "")
    context: dict[str, Any] = {
        "price_list": price_list,
        "frame": "dashboard/price_list_base.html" if price_list else "oscar/dashboard/layout.html",
        "section": "quantities",
        "rules": [(rule, called[Target(product_id=rule.product_id)]) for rule in page],
        "page_obj": page,
        "search": WordsForm(request.GET),
        "form": form,
        "may_change": request.user.has_perm(CHANGES),
    }
    return render(request, "dashboard/price_quantities.html", context)
