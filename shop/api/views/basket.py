"""The caller's basket in this store: a buyer's own, or a visitor's by the cookie of the store's pages."""

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from oscar.core.loading import get_class
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shop.basket.forms import AddToBasketForm, BasketLineForm
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product

from ..oscars import VoucherAddSerializer
from ..serializers.basket import BasketContent, ChangedLine, NewLine
from .base import ApiView

Applicator = get_class("offer.applicator", "Applicator")


class BasketView(ApiView):
    """What every operation on the basket needs."""

    @property
    def basket(self) -> Basket:
        return self.request.basket

    def held(self) -> Basket:
        """The basket, locked until the answer is written; without a row if there is nothing to lock."""
        if self.basket.pk:
            self.basket.hold()
            self.basket.forget_lines()
        return self.basket

    def answer(self, *, status: int = 200) -> Response:
        """The basket as it is now, with offers applied anew."""
        self.basket.reset_offer_applications()
        Applicator().apply(self.basket, self.request.user, self.request)
        return Response(self.shown(BasketContent, self.basket), status=status)


class OneBasket(BasketView):
    @extend_schema(responses=BasketContent, operation_id="basket_retrieve")
    def get(self, request: Request) -> Response:
        """The basket. An empty one is made by looking at it, but stored only when something is put in."""
        return Response(self.shown(BasketContent, self.basket))

    @extend_schema(responses={200: BasketContent}, operation_id="basket_empty")
    def delete(self, request: Request) -> Response:
        """Take everything out."""
        basket = self.held()
        Line.objects.filter(basket=basket.pk).delete()
        return self.answer()


class Lines(BasketView):
    @extend_schema(request=NewLine, responses={201: BasketContent}, operation_id="basket_lines_create")
    def post(self, request: Request) -> Response:
        """Put something in; what is in it already is added to."""
        sent = self.sent(NewLine)
        form = self.form(sent)
        if not form.is_valid():
            raise ValidationError(_by_field(form.errors, sent["options"]))
        self.basket.add_product(form.product, form.cleaned_data["quantity"], form.cleaned_options())
        return self.answer(status=201)

    def form(self, sent: dict[str, Any]) -> AddToBasketForm:
        """The form of the pages, filled in. Raises `ValidationError` for what the store does not sell."""
        sold = Product.objects.visible().for_store(self.store)
        chosen = sold.filter(pk=sent["product"]).first()
        product = chosen and sold.buying().get(pk=chosen.parent_id or chosen.pk)
        if product is None:
            raise ValidationError({"product": [_("The store sells no such product.")]})
        variant = {"child_id": chosen.pk} if chosen.is_child else {}
        data = {**sent["options"], **variant, "quantity": sent["quantity"]}
        return AddToBasketForm(self.basket, product, data=data)


class OneLine(BasketView):
    @extend_schema(request=ChangedLine, responses=BasketContent, operation_id="basket_lines_update")
    def patch(self, request: Request, pk: int) -> Response:
        """Change how many."""
        sent = self.sent(ChangedLine)
        form = BasketLineForm(request.strategy, data=sent, instance=self.line(pk))
        if not form.is_valid():
            raise ValidationError(form.errors)
        form.save()
        return self.answer()

    @extend_schema(responses={200: BasketContent}, operation_id="basket_lines_delete")
    def delete(self, request: Request, pk: int) -> Response:
        """Take it out."""
        self.line(pk).delete()
        return self.answer()

    def line(self, pk: int) -> Line:
        """Raises `Http404`."""
        basket = self.held()
        for line in basket.all_lines():
            if line.pk == pk:
                return line
        raise Http404


class Vouchers(BasketView):
    @extend_schema(request=VoucherAddSerializer, responses={201: BasketContent}, operation_id="basket_vouchers_create")
    def post(self, request: Request) -> Response:
        """Apply a voucher. One that gives nothing for this basket is refused."""
        added = VoucherAddSerializer(data=request.data, context={"request": request})
        added.is_valid(raise_exception=True)
        voucher, basket = added.instance, self.held()
        if basket.is_empty:
            raise ValidationError({"vouchercode": [_("There is nothing in your basket.")]})
        basket.vouchers.add(voucher)
        answer = self.answer(status=201)
        if voucher not in [application["voucher"] for application in basket.offer_applications]:
            raise ValidationError({"vouchercode": [_("Your basket does not qualify for a voucher discount")]})
        return answer


class OneVoucher(BasketView):
    @extend_schema(responses={200: BasketContent}, operation_id="basket_vouchers_delete")
    def delete(self, request: Request, pk: int) -> Response:
        """Do without it."""
        basket = self.held()
        voucher = basket.vouchers.filter(pk=pk).first() if basket.pk else None
        if voucher is None:
            raise Http404
        basket.vouchers.remove(voucher)
        return self.answer()


def _by_field(errors: Any, options: dict[str, str]) -> dict[str, Any]:
    """The form's errors by the names of the body: a variant is a product, an option is among the options."""
    named = {"child_id": "product", "__all__": "non_field_errors"}
    plain = {named.get(name, name): list(texts) for name, texts in errors.items() if name in {*named, "quantity"}}
    of_options = {name: list(texts) for name, texts in errors.items() if name not in {*named, "quantity"}}
    return plain | ({"options": of_options} if of_options else {})
