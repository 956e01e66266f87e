"""What can be chosen, what it would cost, and the order: the same `place_order` as behind the pages."""

import json
import re
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from shop.address.copies import copied
from shop.address.models import UserAddress
from shop.attribution.actions import Origin
from shop.attribution.models import Channel
from shop.basket.middleware import signer
from shop.checkout import errors
from shop.checkout.proposals import Proposal, Purchase
from shop.companies.acting import company_of, membership_of
from shop.order.models import Order, ShippingAddress
from shop.payments.contract import Payer
from shop.payments.offers import methods_for
from shop.shipping.repository import Repository

from ..actions import Wish, place_order_once
from ..models import ApiKey
from ..serializers.checkout import CheckoutChoices, CheckoutQuery, NewOrder, Preview
from ..serializers.orders import OrderDetail
from .base import ApiView

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
IN_HEADER = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description="Your own word for this order, such as its number with you. Sent again, it places nothing again.",
)


class CheckoutView(ApiView):
    """What every step needs."""

    def purchase(self) -> Purchase:
        """What was sent. Raises `ValidationError`."""
        sent = self.sent(NewOrder)
        return Purchase(
            store=self.store,
            buyer=self.buyer,
            membership=membership_of(self.request),
            guest_email=sent["guest_email"],
            shipping_address=self.shipping_address(sent),
            billing_address=sent.get("billing_address"),
            delivery=sent["shipping_method"],
            payment=sent["payment_method"],
            origin=self.origin(),
            agreed=sent.get("agreed"),
        )

    def origin(self) -> Origin:
        key = self.request.auth
        return Origin(Channel.API, client=key.name if isinstance(key, ApiKey) else "")

    def shipping_address(self, sent: dict[str, Any]) -> ShippingAddress | None:
        """As sent, or a copy of the one that was chosen from the buyer's own book."""
        if "address_id" not in sent:
            return sent.get("shipping_address")
        entry = UserAddress.objects.filter(pk=sent["address_id"], user=self.buyer).first() if self.buyer else None
        if entry is None:
            raise ValidationError({"address_id": [_("There is no such address in your book.")]})
        return copied(entry, ShippingAddress)


class Checkout(CheckoutView):
    @extend_schema(parameters=[CheckoutQuery], responses=CheckoutChoices, operation_id="checkout_choices")
    def get(self, request: Request) -> Response:
        """Where the store delivers to, how, and how one can pay. With a `country`, how it delivers there."""
        country = self.asked(CheckoutQuery).get("country")
        countries = list(self.store.shipping_countries.all())
        address = ShippingAddress(country_id=country) if country else None
        is_served = country is None or country in {served.pk for served in countries}
        methods = Repository().get_shipping_methods(request.basket, shipping_addr=address) if is_served else []
        choices = {
            "countries": countries,
            "shipping_methods": methods,
            "payment_methods": methods_for(self.store, payer=Payer(self.buyer, company_of(request))),
        }
        return Response(self.shown(CheckoutChoices, choices))

    @extend_schema(
        parameters=[IN_HEADER],
        request=NewOrder,
        responses={201: OrderDetail, 200: OrderDetail},
        operation_id="checkout_place_order",
    )
    def post(self, request: Request) -> Response:
        """Place the order: 201. Asked again under the same `Idempotency-Key`, the same order: 200."""
        wish = Wish(self.subject(), self.idempotency_key(), self.digest())
        by_key = request.auth if isinstance(request.auth, ApiKey) else None
        order, is_new = place_order_once(request.basket, self.purchase(), wish, by_key=by_key)
        placed = Order.objects.with_all_shown().get(pk=order.pk)
        return Response(self.shown(OrderDetail, placed), status=201 if is_new else 200)

    def idempotency_key(self) -> str:
        key = self.request.headers.get("Idempotency-Key", "")
        if not IDEMPOTENCY_KEY.fullmatch(key):
            raise ParseError(_("The header Idempotency-Key is needed: up to 255 printable ASCII characters."))
        return key

    def subject(self) -> str:
        """The buyer in this store; or a guest by the basket, whose cookie is signed. Raises `EmptyBasket`."""
        if self.buyer:
            return f"{self.store.pk} buyer {self.buyer.pk}"
        try:
            basket_id = signer(self.request).unsign(self.request.COOKIES[settings.OSCAR_BASKET_COOKIE_OPEN])
            return f"{self.store.pk} basket {basket_id}"
        except (KeyError, BadSignature):
            raise errors.EmptyBasket from None

    def digest(self) -> str:
        """Of all that was asked, and for whom and in which currency."""
        context = self.request.strategy.context
        asked = [self.request.data, context.company_id, context.currency]
        return sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


class CheckoutPreview(CheckoutView):
    @extend_schema(request=NewOrder, responses={200: Preview}, operation_id="checkout_preview")
    def post(self, request: Request) -> Response:
        """What the order would cost; nothing is written. Refused as placing it would be."""
        proposal = Proposal(request.basket, self.purchase())
        proposal.check()
        return Response(self.shown(Preview, proposal))
