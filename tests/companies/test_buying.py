"""Buying for a company: chosen by one click, checked when the order is placed, seen by whom it concerns."""

import re

import pytest
from django.urls import reverse
from oscar.core.loading import get_model

from shop.checkout import errors
from shop.checkout.actions import place_order
from shop.companies.actions import companies, people
from shop.companies.models import Company, CompanyAddress, Membership
from shop.companies.roles import MemberRole
from shop.order.models import Order
from shop.payments.actions import grant_invoice
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member, an_address_of
from tests.checkout.shopper import Shopper, leads_to
from tests.goods import a_product
from tests.queries import counted_queries
from tests.trade import a_basket, a_buyer, a_purchase

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")


class Buyer(Shopper):
    """Somebody who buys for a company or for themselves."""

    def choose(self, company: Company | None, next_page: str = "basket:summary"):
        return self.post("companies:choose", {"company": company.pk if company else 0, "next": reverse(next_page)})

    def choices(self) -> dict[str, bool]:
        """What the top of the page offers, and which of it is chosen."""
        page = self.get("basket:summary").content.decode()
        found = re.findall(r'class="acting__choice"[^>]*?value="\d+"( aria-current="true")?>([^<]+)<', page)
        return {name: bool(chosen) for chosen, name in found}

    def hidden(self) -> dict[str, str]:
        """What the preview page would hand back."""
        page = self.get("checkout:preview").content.decode()
        return dict(re.findall(r'type="hidden" name="(agreed|buying_for)" value="(\w*)"', page))


@pytest.fixture
def member(cafe, admin):
    return a_member(cafe, MemberRole.BUYER, unit=cafe.units.get())


@pytest.fixture
def buyer(store, member):
    return Buyer(store, signed_in_as=member.user)


@pytest.fixture
def cup(store):
    return a_product("Cup", store)


def walk(buyer: Buyer, cup, payment: str = "bank_transfer") -> None:
    buyer.add(cup)
    buyer.ship_to()
    buyer.pay_by(payment)


def order_for(store, member: Membership, cup, **fields) -> Order:
    basket = a_basket(store, (cup, 1), owner=member.user)
    return place_order(basket, a_purchase(store, buyer=member.user, membership=member, **fields))


def test_who_has_no_company_is_shown_no_choice(store, cup):
    assert Buyer(store).choices() == {}
    assert Buyer(store, signed_in_as=a_buyer()).choices() == {}


def test_one_click_changes_for_whom_one_buys_and_leads_back(buyer, cafe, member):
    a_member(a_company("Hill School"), user=member.user)
    assert buyer.choices() == {"Harbour Café": False, "Hill School": False, "yourself": True}

    answer = buyer.choose(cafe, "customer:order-list")

    assert leads_to(answer, "customer:order-list")
    assert buyer.choices() == {"Harbour Café": True, "Hill School": False, "yourself": False}
    buyer.choose(None)
    assert buyer.choices()["yourself"]


def test_the_choice_costs_a_page_no_more_queries_for_more_companies(buyer, member):
    buyer.get("basket:summary")
    with counted_queries() as one:
        buyer.get("basket:summary")
    for name in "ABC":
        a_member(a_company(name), user=member.user)
    with counted_queries() as four:
        buyer.get("basket:summary")

    assert len(one) == len(four), four


def test_the_way_back_leads_to_no_other_host_and_the_choice_is_no_link(buyer, cafe):
    answer = buyer.post("companies:choose", {"company": cafe.pk, "next": "https://evil.example/"})

    assert answer["Location"] == "/"
    assert buyer.get("companies:choose").status_code == 405


@pytest.mark.parametrize("company", ["", "-1", "１", "1\0", "9" * 19, "9" * 5000])
def test_what_is_the_number_of_no_company_is_no_choice(buyer, company):
    assert buyer.post("companies:choose", {"company": company}).status_code == 404


def test_switching_keeps_the_one_basket_with_its_lines(buyer, cafe, cup, member):
    buyer.add(cup, 3)

    buyer.choose(cafe)
    buyer.add(cup, 1)
    buyer.choose(None)

    basket = Basket.objects.get(owner=member.user)
    assert [(line.product, line.quantity) for line in basket.lines.all()] == [(cup, 4)]


def test_an_order_carries_the_company_and_the_unit(buyer, cafe, cup, member):
    buyer.choose(cafe)
    walk(buyer, cup)

    answer = buyer.post("checkout:preview", buyer.hidden())

    assert leads_to(answer, "checkout:thank-you")
    order = Order.objects.get()
    assert (order.company, order.unit, order.user) == (cafe, cafe.units.get(), member.user)
    assert not member.user.addresses.exists()


def test_who_buys_for_themselves_orders_for_no_company(buyer, cup):
    walk(buyer, cup)
    buyer.post("checkout:preview", buyer.hidden())

    order = Order.objects.get()
    assert (order.company, order.unit) == (None, None)


def test_a_page_with_a_companys_prices_is_kept_by_no_cache_on_the_way(store, buyer, cafe, cup):
    buyer.choose(cafe)

    page = buyer.client.get(cup.get_absolute_url())

    assert (page.status_code, page["Cache-Control"]) == (200, "private, no-cache")


def test_a_viewer_is_led_back_from_the_checkout(store, cafe, admin, cup):
    viewer = Buyer(store, signed_in_as=a_member(cafe, MemberRole.VIEWER).user)
    viewer.choose(cafe)
    viewer.add(cup)

    answer = viewer.get("checkout:shipping-address")

    assert leads_to(answer, "basket:summary")
    assert any("cannot order for Harbour Café" in text for text in viewer.messages())


@pytest.mark.parametrize("role", [MemberRole.ADMIN, MemberRole.BUYER, MemberRole.APPROVER])
def test_everybody_else_orders(store, cafe, admin, cup, role):
    assert order_for(store, a_member(cafe, role), cup).company == cafe


@pytest.mark.parametrize("lost", ["suspended", "removed", "demoted"])
def test_no_order_is_placed_by_whoever_may_no_longer_whatever_their_page_said(store, cafe, member, admin, cup, lost):
    match lost:
        case "suspended":
            companies.suspend(cafe, by=None)
        case "removed":
            people.remove(member, by=admin.user)
        case "demoted":
            people.change_membership(member, role=MemberRole.VIEWER, unit=None, by=admin.user)

    with pytest.raises(errors.MayNotOrder):
        order_for(store, member, cup)

    assert not Order.objects.exists()
    assert Basket.objects.get(owner=member.user).status == Basket.OPEN


def test_who_could_buy_for_a_company_reads_that_they_buy_for_themselves(store, buyer, cafe, cup):
    def said(shopper):
        page = " ".join(shopper.get("checkout:preview").content.decode().split())
        return re.findall(r"<h2>You buy for</h2>.*?<p>(.*?)</p>", page)

    walk(buyer, cup)
    assert said(buyer) == ["yourself"]
    buyer.choose(cafe)
    walk(buyer, cup)
    assert said(buyer) == []
    assert f"For {cafe.name}" in buyer.get("checkout:preview").content.decode()

    guest = Shopper(store)
    guest.walk_to_preview(cup)
    assert said(guest) == []


def test_a_preview_that_was_shown_for_a_company_places_no_order_for_oneself(buyer, cafe, cup):
    buyer.choose(cafe)
    walk(buyer, cup)
    shown = buyer.hidden()
    companies.suspend(cafe, by=None)

    answer = buyer.post("checkout:preview", shown)

    assert answer.status_code == 302
    assert not Order.objects.exists()
    assert any("You now buy for somebody else" in text for text in buyer.messages())


def test_a_choice_in_another_tab_is_noticed_before_the_order(buyer, cafe, cup):
    walk(buyer, cup)
    shown = buyer.hidden()
    buyer.choose(cafe)

    buyer.post("checkout:preview", shown)

    assert not Order.objects.exists()


def test_the_company_s_addresses_are_offered_the_own_unit_s_first(buyer, cafe, cup, member):
    an_address_of(a_unit := cafe.units.create(name="Annexe"), line1="9 Annexe Road")
    own = an_address_of(cafe.units.get(name="Head office"), line1="1 Harbour Street")
    an_address_of(a_company("Hill School").units.get(), line1="2 Hill Road")
    buyer.choose(cafe)
    buyer.add(cup)

    page = buyer.get("checkout:shipping-address").content.decode()

    assert 0 < page.index("1 Harbour Street") < page.index("9 Annexe Road")
    assert "2 Hill Road" not in page
    assert f"/checkout/shipping-address/edit/{own.pk}" not in page
    buyer.post("checkout:shipping-address", {"address_id": own.pk})
    buyer.pay_by()
    buyer.post("checkout:preview", buyer.hidden())
    order = Order.objects.get()
    assert (order.shipping_address.line1, order.billing_address.line1) == ("1 Harbour Street", "1 Harbour Street")
    assert a_unit.orders.count() == 0


def test_an_entry_of_one_book_is_not_looked_up_in_another(buyer, cafe, cup):
    chosen = an_address_of(cafe.units.get())
    buyer.choose(cafe)
    buyer.add(cup)
    buyer.post("checkout:shipping-address", {"address_id": chosen.pk})

    buyer.choose(None)

    assert leads_to(buyer.get("checkout:shipping-method"), "checkout:shipping-address")


def test_the_bill_goes_to_the_company_s_usual_address(store, buyer, cafe, cup):
    an_address_of(cafe.units.get(), line1="7 Ledger Lane", is_default_for_billing=True)
    buyer.choose(cafe)
    walk(buyer, cup)

    buyer.post("checkout:preview", buyer.hidden())

    order = Order.objects.get()
    assert (order.shipping_address.line1, order.billing_address.line1) == ("1 Canal Street", "7 Ledger Lane")


def test_a_company_s_terms_let_its_people_pay_on_invoice_and_a_buyer_s_own_do_not(store, cafe, member, cup):
    grant_invoice(member.user, net_days=14)
    with pytest.raises(errors.PaymentNotOffered):
        order_for(store, member, cup, payment="invoice")

    cafe.terms_days = 30
    companies.change_company(cafe, by=None)
    Basket.objects.all().delete()
    assert order_for(store, member, cup, payment="invoice").sources.get().source_type.code == "invoice"


def test_a_company_s_people_see_its_orders_as_their_role_allows(store, cafe, member, admin, cup):
    theirs = order_for(store, member, cup)
    others = order_for(store, a_member(cafe), cup)
    private = place_order(a_basket(store, (cup, 1), owner=admin.user), a_purchase(store, buyer=admin.user))

    def seen(person: Membership) -> set[str]:
        page = Shopper(store, signed_in_as=person.user).get("customer:order-list").content.decode()
        return {order.number for order in (theirs, others, private) if order.number in page}

    assert seen(member) == {theirs.number}
    assert seen(admin) == {theirs.number, others.number, private.number}
    for role in (MemberRole.APPROVER, MemberRole.VIEWER):
        assert seen(a_member(cafe, role)) == {theirs.number, others.number}
    for number, status in ((others.number, 404), (private.number, 404), (theirs.number, 200)):
        page = Shopper(store, signed_in_as=member.user).get("customer:order", kwargs={"order_number": number})
        assert page.status_code == status


def test_who_has_left_sees_the_company_s_orders_no_more_their_own_included(store, cafe, member, admin, cup):
    order = order_for(store, member, cup)
    people.remove(member, by=admin.user)

    gone = Shopper(store, signed_in_as=member.user)

    assert gone.get("customer:order", kwargs={"order_number": order.number}).status_code == 404
    assert order.number not in gone.get("customer:order-list").content.decode()


def test_the_list_of_orders_takes_as_many_queries_for_twice_the_orders(store, cafe, member, admin, cup):
    def count() -> int:
        page = Shopper(store, signed_in_as=admin.user)
        with counted_queries() as queries:
            assert page.get("customer:order-list").status_code == 200
        return len(queries)

    for _ in range(2):
        order_for(store, member, cup)
    count()  # the first page of a session writes it
    few = count()
    for _ in range(2):
        order_for(store, member, cup)

    assert count() == few


def test_a_stranger_of_another_company_finds_nothing_by_its_numbers(store, cafe, member, cup):
    order, entry = order_for(store, member, cup), an_address_of(cafe.units.get())
    stranger = Buyer(store, signed_in_as=a_member(a_company("Hill School"), MemberRole.ADMIN).user)

    assert stranger.choose(cafe).status_code == 404
    assert stranger.get("customer:order", kwargs={"order_number": order.number}).status_code == 404
    stranger.add(cup)
    assert stranger.post("checkout:shipping-address", {"address_id": entry.pk}).status_code == 404
    with pytest.raises(errors.MayNotOrder):
        place_order(
            a_basket(store, (cup, 1)), a_purchase(store, buyer=a_buyer("eve@people.example"), membership=member)
        )


def test_a_stranger_of_another_merchant_cannot_choose_the_company(buyer, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_company("Lumen's own")

    assert buyer.choose(theirs).status_code == 404
    assert CompanyAddress.objects.count() == 0
