import pytest
from django.core import signing

from shop.attribution.models import Affiliate, Channel, OrderAttribution, Source
from shop.attribution.visits import COOKIE
from shop.checkout.actions import place_order
from shop.order.models import Order
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

LETTER = {"utm_source": "letter", "utm_campaign": "Autumn"}


@pytest.fixture
def store(aurora_store) -> Store:
    Store.objects.update(asks_cookie_consent=False)
    return open_for_trade(aurora_store)


@pytest.fixture
def clinic(store) -> Affiliate:
    return Affiliate.objects.create(code="city-clinic", name="City Clinic", kind="clinic")


@pytest.fixture
def guest(store) -> Shopper:
    return Shopper(store)


def come(shopper: Shopper, query: dict[str, str], *, referer: str = "") -> None:
    assert shopper.client.get("/catalogue/", query, HTTP_REFERER=referer).status_code == 200


def order_of(shopper: Shopper, *products) -> Order:
    shopper.walk_to_preview(*products)
    shopper.place()
    return Order.objects.latest("pk")


def test_an_order_keeps_what_brought_its_buyer_first_and_last(guest, clinic, store):
    come(guest, LETTER)
    come(guest, {"ref": "city-clinic"})
    come(guest, {}, referer="https://shop.example/")

    kept = order_of(guest, a_product("Cup", store)).attribution

    assert (kept.channel, str(kept.first), str(kept.last)) == (Channel.STORE, "letter / Autumn", "shop.example")
    assert kept.landing == "/catalogue/"


def test_a_line_keeps_what_had_brought_the_buyer_when_they_chose_it(guest, clinic, store):
    cup, bowl = a_product("Cup", store), a_product("Bowl", store)
    come(guest, {"ref": "city-clinic"})
    guest.add(cup)
    come(guest, LETTER)

    order = order_of(guest, bowl)

    sources = {line.title: line.source for line in order.lines.all()}
    assert sources["Cup"].affiliate == clinic
    assert str(sources["Bowl"]) == "letter / Autumn"


def test_who_came_the_same_way_is_counted_together(store, clinic):
    for _ in range(2):
        guest = Shopper(store)
        come(guest, LETTER)
        order_of(guest, a_product("Cup", store))

    assert Source.objects.get().orders.count() == 2


def test_an_order_that_nothing_brought_says_by_which_door_it_came(guest, store):
    kept = order_of(guest, a_product("Cup", store)).attribution

    assert (kept.channel, kept.first, kept.last, kept.landing) == (Channel.STORE, None, None, "")
    assert not Source.objects.exists()


def test_nothing_is_remembered_of_who_allows_no_cookies(guest, store):
    Store.objects.update(asks_cookie_consent=True)
    come(guest, LETTER)

    assert COOKIE not in guest.client.cookies
    assert order_of(guest, a_product("Cup", store)).attribution.last is None


def test_the_orders_of_a_company_are_credited_to_who_looks_after_it(store):
    seller = a_buyer("seller@aurora.example")
    member = a_member(a_company(sales_person=seller))
    basket = a_basket(store, (a_product("Cup", store), 1), owner=member.user)

    order = place_order(basket, a_purchase(store, buyer=member.user, membership=member))

    assert order.attribution.sales_person == seller


@pytest.mark.parametrize("salt", [None, "visit of store 0"])
def test_a_cookie_that_is_not_this_stores_is_no_visit(guest, store, salt):
    visit = [{"source": "me"}, {"source": "me"}, "2026-11-02", "2026-11-02"]
    guest.client.cookies[COOKIE] = signing.dumps(visit, salt=salt) if salt else "nonsense"

    assert order_of(guest, a_product("Cup", store)).attribution.last is None


def test_a_code_that_is_nobodys_or_no_longer_counts_credits_nobody(guest, clinic, store):
    Affiliate.objects.update(is_active=False)
    come(guest, {"ref": "city-clinic"})

    kept = order_of(guest, a_product("Cup", store)).attribution

    assert kept.last.affiliate is None


def test_the_other_merchants_affiliate_is_credited_with_nothing(guest, lumen, store):
    with merchant_scope(lumen.pk):
        Affiliate.objects.create(code="gift-guide", name="Gift Guide")
    come(guest, {"ref": "gift-guide"})
    order_of(guest, a_product("Cup", store))

    assert OrderAttribution.objects.get().last.affiliate is None
    with merchant_scope(lumen.pk):
        assert not Source.objects.exists()
