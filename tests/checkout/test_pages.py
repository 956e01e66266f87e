from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import reverse

from shop.address.models import UserAddress
from shop.catalogue.models import Product
from shop.listings.actions import unlist_products
from shop.offer.models import Benefit, Condition, ConditionalOffer, Range
from shop.order.models import Order
from shop.payments.actions import grant_invoice, withdraw_method
from shop.shipping.actions import set_rate
from shop.stores.actions import NewStore, open_store
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product, product_class
from tests.pricing.trade import a_buyer_of, a_company
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def shopper(store):
    return Shopper(store)


def test_a_guest_walks_from_the_basket_to_the_thanks(store, shopper):
    cup = a_product("Cup", store)
    assert leads_to(shopper.add(cup, 2), "basket:summary")

    page = shopper.get("checkout:index")
    assert page.status_code == 200
    assert leads_to(shopper.come_as_guest(), "checkout:shipping-address")
    assert leads_to(shopper.ship_to(), "checkout:shipping-method")
    assert leads_to(shopper.get("checkout:shipping-method"), "checkout:payment-details")
    page = shopper.get("checkout:payment-details").content.decode()
    assert "Bank transfer" in page
    assert "Invoice" not in page
    assert leads_to(shopper.pay_by(), "checkout:preview")
    page = shopper.get("checkout:preview").content.decode()
    assert "1 Canal Street" in page
    assert "£25.00" in page
    assert leads_to(shopper.place(), "checkout:thank-you")

    order = Order.objects.get()
    page = shopper.get("checkout:thank-you").content.decode()
    assert order.number in page
    assert "GB29 NWBK 6016 1331 9268 19" in page
    assert "£25.00" in page


def test_a_buyer_orders_on_invoice_to_an_address_of_the_book(store):
    buyer = a_buyer()
    grant_invoice(buyer)
    home = UserAddress.objects.create(user=buyer, country_id="GB", line1="7 Book Lane", postcode="N1 9GU")
    UserAddress.objects.create(user=buyer, country_id="DE", line1="Nicht beliefert", postcode="10115")
    shopper = Shopper(store, signed_in_as=buyer)
    shopper.add(a_product("Cup", store))

    assert leads_to(shopper.get("checkout:index"), "checkout:shipping-address")
    page = shopper.get("checkout:shipping-address").content.decode()
    assert "7 Book Lane" in page
    assert "Nicht beliefert" not in page
    chosen = {"address_id": home.pk, "action": "ship_to"}
    assert leads_to(shopper.post("checkout:shipping-address", chosen), "checkout:shipping-method")
    assert leads_to(shopper.pay_by("invoice"), "checkout:preview")
    assert leads_to(shopper.place(), "checkout:thank-you")

    order = Order.objects.get()
    assert (order.user, order.shipping_address.line1) == (buyer, "7 Book Lane")
    assert "within 30 days" in shopper.get("checkout:thank-you").content.decode()


def test_the_bill_of_a_buyer_goes_to_the_usual_billing_address(store):
    buyer = a_buyer()
    UserAddress.objects.create(
        user=buyer, country_id="DE", line1="2 Bank Street", postcode="10115", is_default_for_billing=True
    )
    shopper = Shopper(store, signed_in_as=buyer)
    shopper.add(a_product("Cup", store))
    shopper.ship_to()
    shopper.pay_by()

    assert "2 Bank Street" in shopper.get("checkout:preview").content.decode()
    shopper.place()

    order = Order.objects.get()
    assert (order.billing_address.line1, order.shipping_address.line1) == ("2 Bank Street", "1 Canal Street")


def test_where_there_are_several_ways_of_delivery_one_is_chosen(store, shopper):
    set_rate(store, "express", name="Express", charge=Decimal("12.00"), position=1)
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()
    shopper.ship_to()

    page = shopper.get("checkout:shipping-method").content.decode()
    assert "Standard" in page
    assert "Express" in page
    assert leads_to(shopper.post("checkout:shipping-method", {"method_code": "express"}), "checkout:payment-details")
    shopper.post("checkout:payment-details", {"payment": "bank_transfer"})
    shopper.place()

    assert Order.objects.get().shipping_incl_tax == 12


EARLY = {
    "checkout:shipping-address": "checkout:index",
    "checkout:shipping-method": "checkout:index",
    "checkout:payment-details": "checkout:index",
    "checkout:preview": "checkout:index",
}


@pytest.mark.parametrize(("page", "first"), EARLY.items(), ids=EARLY)
def test_a_page_that_comes_too_early_leads_back_and_says_why(store, shopper, page, first):
    shopper.add(a_product("Cup", store))

    for method in (shopper.client.get, shopper.client.post):
        assert leads_to(method(reverse(page)), first)

    assert shopper.messages()[-1] == "Please sign in or tell us your e-mail address."


@pytest.mark.parametrize("page", ["checkout:index", *EARLY])
def test_without_goods_there_is_no_checkout(store, shopper, page):
    assert leads_to(shopper.get(page), "basket:summary")
    assert shopper.messages() == ["There is nothing in your basket."]


def test_each_step_is_asked_for_in_turn(store, shopper):
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()
    assert leads_to(shopper.get("checkout:preview"), "checkout:shipping-address")

    shopper.ship_to()
    assert leads_to(shopper.get("checkout:preview"), "checkout:shipping-method")

    shopper.get("checkout:shipping-method")
    assert leads_to(shopper.get("checkout:preview"), "checkout:payment-details")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"country": "DE"}, "valid choice"),
        ({"country": ""}, "required"),
        ({"line1": ""}, "required"),
        ({"postcode": "10115"}, "not valid"),
        ({"line4": "x" * 256}, "at most 255"),
        ({"phone_number": "call me"}, "phone"),
    ],
)
def test_a_wrong_address_is_shown_again_with_what_was_typed(store, shopper, change, said):
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()

    page = shopper.ship_to(first_name="Augusta", **change)

    assert page.status_code == 200
    assert said in page.content.decode()
    assert "Augusta" in page.content.decode()
    assert leads_to(shopper.get("checkout:shipping-method"), "checkout:shipping-address")


def test_the_carrier_is_told_the_number_that_was_typed(store, shopper):
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()

    assert leads_to(shopper.ship_to(phone_number="020 7946 0958"), "checkout:shipping-method")
    assert "+44 20 7946 0958" in shopper.get("checkout:shipping-address").content.decode()

    shopper.pay_by()
    assert "+44 20 7946 0958" in shopper.get("checkout:preview").content.decode()
    shopper.place()

    assert Order.objects.get().shipping_address.phone_number == "+442079460958"


def test_what_was_typed_is_there_when_the_buyer_comes_back(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))

    assert "1 Canal Street" in shopper.get("checkout:shipping-address").content.decode()
    assert "ada@example.com" in shopper.get("checkout:index").content.decode()


@pytest.mark.parametrize("method", ["invoice", "gold", ""])
def test_a_payment_method_that_is_not_offered_cannot_be_chosen(store, shopper, method):
    shopper.walk_to_preview(a_product("Cup", store))

    page = shopper.post("checkout:payment-details", {"payment": method})

    assert page.status_code == 200
    assert not Order.objects.exists()


def test_a_payment_method_that_will_not_do_says_why_before_it_is_chosen(store):
    cafe = a_company(terms_days=30, credit_limit=Decimal(10), credit_currency="GBP")
    shopper = Shopper(store, signed_in_as=a_buyer_of(cafe))
    shopper.add(a_product("Cup", store, price="55"))
    shopper.ship_to()
    shopper.get("checkout:shipping-method")

    soup = BeautifulSoup(shopper.get("checkout:payment-details").content, "html.parser")

    choices = {
        box["value"]: (box.has_attr("disabled"), box.has_attr("checked")) for box in soup.select("[name=payment]")
    }
    assert choices == {"bank_transfer": (False, True), "invoice": (True, False)}
    assert "may owe us £10.00 more on invoice; this order comes to £55.00." in soup.text


def test_a_store_that_takes_no_payment_says_so(store, shopper):
    withdraw_method(store, "bank_transfer")
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()
    shopper.ship_to()
    shopper.get("checkout:shipping-method")

    assert "Nobody can pay in this store yet" in shopper.get("checkout:payment-details").content.decode()


def test_two_clicks_make_one_order_and_both_show_it(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()

    first, second = shopper.place(agreed), shopper.place(agreed)

    assert leads_to(first, "checkout:thank-you")
    assert leads_to(second, "checkout:thank-you")
    assert Order.objects.get().number in shopper.get("checkout:thank-you").content.decode()


def test_the_same_goods_can_be_ordered_again(store, shopper):
    cup = a_product("Cup", store)
    for _ in range(2):
        shopper.walk_to_preview(cup)
        assert leads_to(shopper.place(), "checkout:thank-you")

    assert Order.objects.count() == 2


def test_going_back_after_the_order_leads_to_an_empty_basket(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    shopper.place()

    for page in ["checkout:preview", "checkout:payment-details", "checkout:index"]:
        assert leads_to(shopper.get(page), "basket:summary")
    assert Order.objects.count() == 1


def test_a_price_that_changed_meanwhile_is_shown_and_nothing_is_ordered(store, shopper):
    cup = a_product("Cup", store)
    shopper.walk_to_preview(cup)
    agreed = shopper.agreed()
    cup.stockrecords.update(price=Decimal("11.00"))

    assert leads_to(shopper.place(agreed), "checkout:preview")

    page = shopper.get("checkout:preview").content.decode()
    assert "Prices or your basket have changed meanwhile" in page
    assert "£16.00" in page
    assert not Order.objects.exists()
    assert leads_to(shopper.place(), "checkout:thank-you")
    assert Order.objects.get().total_incl_tax == 16


def test_what_another_tab_put_in_is_shown_before_it_is_ordered(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()
    shopper.add(a_product("Plate", store))

    assert leads_to(shopper.place(agreed), "checkout:preview")

    assert not Order.objects.exists()
    assert "Plate" in shopper.get("checkout:preview").content.decode()


@pytest.mark.parametrize("agreed", ["", "0" * 32, "x" * 100, "<script>"])
def test_what_nobody_was_shown_nobody_agreed_to(store, shopper, agreed):
    shopper.walk_to_preview(a_product("Cup", store))

    assert leads_to(shopper.post("checkout:preview", {"agreed": agreed}), "checkout:preview")
    assert not Order.objects.exists()


def sold_out(cup, store):
    cup.stockrecords.update(num_in_stock=0)


def unlisted(cup, store):
    unlist_products(store, [cup])


def hidden(cup, store):
    Product.objects.filter(pk=cup.pk).update(is_public=False)


def without_price(cup, store):
    cup.stockrecords.update(price=None)


@pytest.mark.parametrize("gone", [sold_out, unlisted, hidden, without_price])
def test_goods_that_are_gone_meanwhile_are_named_on_the_basket_page(store, shopper, gone):
    cup = a_product("Cup of mine", store)
    shopper.walk_to_preview(cup)
    agreed = shopper.agreed()
    gone(cup, store)

    assert leads_to(shopper.place(agreed), "basket:summary")

    assert "No longer available in this quantity: Cup of mine." in shopper.messages()
    assert "Cup of mine" in shopper.get("basket:summary").content.decode()
    assert not Order.objects.exists()


def test_a_country_that_is_served_no_more_is_said(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()
    store.shipping_countries.set(["IE"])

    assert leads_to(shopper.place(agreed), "checkout:shipping-address")
    assert "We do not deliver to this address." in shopper.get("checkout:shipping-address").content.decode()


def test_a_way_of_delivery_that_is_gone_is_chosen_anew(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()
    store.delivery_rates.update(code="other")

    assert leads_to(shopper.place(agreed), "checkout:shipping-method")


def test_a_payment_method_that_is_gone_is_chosen_anew(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()
    withdraw_method(store, "bank_transfer")

    assert leads_to(shopper.place(agreed), "checkout:payment-details")


def test_an_address_that_the_buyer_has_deleted_is_asked_for_again(store):
    buyer = a_buyer()
    home = UserAddress.objects.create(user=buyer, country_id="GB", line1="7 Book Lane", postcode="N1 9GU")
    shopper = Shopper(store, signed_in_as=buyer)
    shopper.add(a_product("Cup", store))
    shopper.post("checkout:shipping-address", {"address_id": home.pk})
    shopper.pay_by()

    shopper.post("checkout:user-address-delete", {}, kwargs={"pk": home.pk})

    assert leads_to(shopper.get("checkout:preview"), "checkout:shipping-address")


def test_a_session_that_expired_keeps_the_basket_and_asks_anew(store, shopper):
    shopper.walk_to_preview(a_product("Cup", store))
    agreed = shopper.agreed()
    Session.objects.all().delete()

    assert leads_to(shopper.place(agreed), "checkout:index")

    assert "Cup" in shopper.get("basket:summary").content.decode()
    assert not Order.objects.exists()


def test_what_is_not_delivered_needs_no_address(store, shopper):
    course = a_product("Course", store, product_class=product_class("Courses", tracks_stock=False))
    course.product_class.requires_shipping = False
    course.product_class.save()
    shopper.add(course)
    shopper.come_as_guest()

    assert leads_to(shopper.get("checkout:shipping-address"), "checkout:payment-details")
    shopper.post("checkout:payment-details", {"payment": "bank_transfer"})
    assert leads_to(shopper.place(), "checkout:thank-you")

    assert Order.objects.get().shipping_address is None


def test_what_costs_nothing_is_not_paid_for(store, shopper):
    set_rate(store, "standard", name="Standard", charge=Decimal(0))
    shopper.add(a_product("Sample", store, price="0"))
    shopper.come_as_guest()
    shopper.ship_to()
    shopper.get("checkout:shipping-method")

    assert leads_to(shopper.get("checkout:payment-details"), "checkout:preview")
    assert leads_to(shopper.place(), "checkout:thank-you")


@pytest.mark.parametrize("page", ["checkout:index", "checkout:shipping-address", "checkout:preview"])
def test_no_page_of_the_checkout_is_cached(store, shopper, page):
    shopper.walk_to_preview(a_product("Cup", store))

    assert "no-store" in shopper.get(page)["Cache-Control"]


def test_an_order_of_another_store_of_the_merchant_is_not_thanked_for_here(store, shopper):
    clinics = open_for_trade(open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example")))
    shopper.walk_to_preview(a_product("Cup", store))
    shopper.place()

    answer = shopper.client.get(reverse("checkout:thank-you"), headers={"host": clinics.site.hostname})

    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_a_stranger_gets_at_nothing(store, shopper, lumen):
    buyer, other = a_buyer(), a_buyer("mallory@example.com")
    home = UserAddress.objects.create(user=buyer, country_id="GB", line1="7 Book Lane", postcode="N1 9GU")
    shopper.walk_to_preview(a_product("Cup", store))
    shopper.place()
    order = Order.objects.get()

    mallory = Shopper(store, signed_in_as=other)
    mallory.add(a_product("Plate", store))

    assert mallory.get("checkout:thank-you")["Location"] == "/"
    forged = mallory.client.get(reverse("checkout:thank-you"), {"order_number": order.number, "order_id": order.pk})
    assert forged["Location"] == "/"
    for pk in (home.pk, 0, -1, "1 OR 1=1", "", "9" * 40, "१"):
        assert mallory.post("checkout:shipping-address", {"address_id": pk}).status_code == 404
    for page in ("checkout:user-address-update", "checkout:user-address-delete"):
        assert mallory.get(page, kwargs={"pk": home.pk}).status_code == 404
        assert mallory.post(page, {}, kwargs={"pk": home.pk}).status_code == 404
    carried = shopper.client.get(reverse("checkout:thank-you"), headers={"host": "lumen.example"})
    assert carried["Location"] == "/"
    assert UserAddress.objects.get(pk=home.pk).line1 == "7 Book Lane"


def test_what_is_taken_off_the_delivery_is_taken_off_once(store, shopper):
    everything = Range.objects.create(name="Everything", includes_all_products=True)
    condition = Condition.objects.create(range=everything, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(type=Benefit.SHIPPING_ABSOLUTE, value=2)
    ConditionalOffer.objects.create(name="Summer post", condition=condition, benefit=benefit)
    shopper.add(a_product("Cup", store))
    shopper.come_as_guest()
    shopper.ship_to()
    shopper.get("checkout:shipping-method")
    shopper.pay_by()

    shown = totals(shopper.get("checkout:preview"))
    shopper.place()

    assert shown == [
        ("Subtotal", "£10.00"),
        ("Standard", "£3.00"),
        ("Summer post", "taken off the delivery"),
        ("Total", "£13.00"),
        ("VAT included", "£0.00"),
    ]
    assert totals(shopper.get("checkout:thank-you")) == shown
    assert Order.objects.get().total_incl_tax == Decimal("13.00")


def totals(page: HttpResponse) -> list[tuple[str, str]]:
    """The rows of the summary."""
    rows = BeautifulSoup(page.content, "html.parser").select("dl.totals > div")
    return [(row.dt.get_text(strip=True), row.dd.get_text(strip=True)) for row in rows]
