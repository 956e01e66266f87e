"""Who may open which page of the dashboard: every address is in the table, or the test fails."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from shop.accounts.models import User
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

ROLES = [role.value for role in Role]
EVERYBODY, CATALOGUE, NOBODY_ELSE = " ".join(ROLES), "owner catalogue", "owner"
ORDERS, CUSTOMERS = "owner orders support", "owner orders support"

MAY_OPEN = {
    "index": "owner catalogue orders support analyst supplier",
    "choose-store": "owner catalogue orders support analyst",
    "login": EVERYBODY,
    "logout": EVERYBODY,
    "store-list": NOBODY_ELSE,
    "store-settings": NOBODY_ELSE,
    "payment-methods": NOBODY_ELSE,
    "payment-method": NOBODY_ELSE,
    "payment-method-switch": NOBODY_ELSE,
    "order-payment": "owner orders",
    "order-refund": "owner orders",
    "credit-list": "owner orders",
    "gift-card-issue": "owner orders",
    "store-credit-give": "owner orders",
    "credit-account": "owner orders",
    "credit-correct": "owner orders",
    "credit-switch": "owner orders",
    "audit-trail": NOBODY_ELSE,
    "api-key-list": NOBODY_ELSE,
    "api-key-create": NOBODY_ELSE,
    "api-key-revoke": NOBODY_ELSE,
    "staff-list": NOBODY_ELSE,
    "staff-invite": NOBODY_ELSE,
    "staff-policy": NOBODY_ELSE,
    "staff-member": NOBODY_ELSE,
    "staff-grant": NOBODY_ELSE,
    "staff-revoke": NOBODY_ELSE,
    "staff-switch": NOBODY_ELSE,
    "staff-second-factor-off": NOBODY_ELSE,
    "order-list": ORDERS + " supplier",
    "order-detail": ORDERS + " supplier",
    "order-stats": ORDERS + " analyst",
    "order-detail-note": ORDERS,
    "order-notes": ORDERS,
    "order-export": ORDERS,
    "order-bulk": ORDERS,
    "order-move": "owner orders",
    "order-cancel": "owner orders",
    "order-ship": "owner orders",
    "order-parcel": "owner orders",
    "order-shipping-address": "owner orders",
    "bank-entries": "owner orders",
    "bank-entry": "owner orders",
    "bank-entry-match": "owner orders",
    "bank-entry-aside": "owner orders",
    "bank-statements": "owner orders",
    "bank-statement": "owner orders",
    "bank-statement-confirm": "owner orders",
    "bank-statement-discard": "owner orders",
    "gateway-payment-list": "owner orders",
    "gateway-payment": "owner orders",
    "gateway-payment-capture": "owner orders",
    "gateway-payment-refund": "owner orders",
    "gateway-payment-cancel": "owner orders",
    "gateway-payment-look": "owner orders",
    "review-list": "owner orders",
    "review": "owner orders",
    "review-release": "owner orders",
    "review-cancel": "owner orders",
    "review-rules": "owner orders",
    "review-rule": "owner orders",
    "review-entry": "owner orders",
    "review-entry-remove": "owner orders",
    "webhook-list": "owner orders",
    "webhook": "owner orders",
    "webhook-replay": "owner orders",
    "users-index": CUSTOMERS,
    "user-detail": CUSTOMERS,
    "user-password-reset": "owner support",
    "user-alert-list": CUSTOMERS,
    "user-alert-update": CUSTOMERS,
    "user-alert-delete": CUSTOMERS,
    "company-list": ORDERS,
    "company": ORDERS,
    "company-create": "owner orders",
    "company-edit": "owner orders",
    "company-switch": "owner orders",
    "company-invite": "owner orders",
    "company-invitation": "owner orders",
    "company-member": "owner orders",
    "company-unit-create": "owner orders",
    "company-unit": "owner orders",
    "company-unit-remove": "owner orders",
    "company-part-numbers": ORDERS,
    "company-import": "owner orders",
    "application-list": ORDERS,
    "application": ORDERS,
    "application-approve": "owner orders",
    "application-decline": "owner orders",
    "recommendation-list": "owner catalogue analyst",
    "recommendation-product": "owner catalogue analyst",
    "recommendation-settings": CATALOGUE,
    "search-report": "owner catalogue analyst",
    "search-rules": CATALOGUE,
    "synonym-create": CATALOGUE,
    "synonym": CATALOGUE,
    "synonym-remove": CATALOGUE,
    "led-search-create": CATALOGUE,
    "led-search": CATALOGUE,
    "led-search-remove": CATALOGUE,
    "affiliate-list": "owner catalogue analyst",
    "affiliate-create": CATALOGUE,
    "affiliate": CATALOGUE,
    "customer-group-list": "owner orders",
    "customer-group-create": "owner orders",
    "customer-group": "owner orders",
    "customer-group-delete": "owner orders",
    "price-lists": "owner catalogue analyst",
    "price-list": "owner catalogue analyst",
    "price-list-rehearsal": "owner catalogue analyst",
    "price-list-rehearsal-start": CATALOGUE,
    "price-list-rehearsal-result": "owner catalogue analyst",
    "price-list-rehearsal-download": "owner catalogue analyst",
    "view-as": "owner catalogue support",
    "price-list-export": "owner catalogue analyst",
    "price-list-import": CATALOGUE,
    "price-file": "owner catalogue analyst",
    "price-file-differences": "owner catalogue analyst",
    "price-file-refused": "owner catalogue analyst",
    "price-file-compare": CATALOGUE,
    "price-file-sign": CATALOGUE,
    "price-file-undo": CATALOGUE,
    "price-file-withdraw": CATALOGUE,
    "price-file-policy": NOBODY_ELSE,
    "cost-list": "owner analyst",
    "cost-import": NOBODY_ELSE,
    "price-list-create": CATALOGUE,
    "price-list-edit": CATALOGUE,
    "price-list-copy": CATALOGUE,
    "price-list-publish": CATALOGUE,
    "price-list-prices": "owner catalogue analyst",
    "price-list-quantities": "owner catalogue analyst",
    "price-list-revisions": "owner catalogue analyst",
    "price-list-revision": "owner catalogue analyst",
    "price-list-revision-undo": CATALOGUE,
    "price-quantities": "owner catalogue analyst",
    "price-why": "owner catalogue analyst",
    "catalogue-product-list": "owner catalogue support analyst supplier",
    "catalogue-product-lookup": "owner catalogue support analyst",
    "catalogue-product": CATALOGUE,
    "catalogue-product-create": CATALOGUE,
    "catalogue-product-create-child": CATALOGUE,
    "catalogue-product-delete": CATALOGUE,
    "catalogue-product-bulk-action": CATALOGUE,
    "catalogue-category-list": "owner catalogue analyst",
    "catalogue-category-detail-list": "owner catalogue analyst",
    "catalogue-category-create": CATALOGUE,
    "catalogue-category-create-child": CATALOGUE,
    "catalogue-category-update": CATALOGUE,
    "catalogue-category-delete": CATALOGUE,
    "catalogue-class-list": CATALOGUE,
    "catalogue-class-create": CATALOGUE,
    "catalogue-class-update": CATALOGUE,
    "catalogue-class-delete": CATALOGUE,
    "catalogue-attribute-option-group-list": CATALOGUE,
    "catalogue-attribute-option-group-create": CATALOGUE,
    "catalogue-attribute-option-group-update": CATALOGUE,
    "catalogue-attribute-option-group-delete": CATALOGUE,
    "catalogue-option-list": CATALOGUE,
    "catalogue-option-create": CATALOGUE,
    "catalogue-option-update": CATALOGUE,
    "catalogue-option-delete": CATALOGUE,
    "stock-alert-list": "owner catalogue orders analyst",
    "stock-list": "owner catalogue orders analyst",
    "stock-record": "owner catalogue orders analyst",
    "stock-book": "owner catalogue orders",
    "stock-transfer": "owner catalogue orders",
    "stock-terms": CATALOGUE,
    "location-list": "owner catalogue orders analyst",
    "location-create": CATALOGUE,
    "location": CATALOGUE,
    "stock-policy": CATALOGUE,
    "count-list": "owner catalogue orders",
    "count-import": "owner catalogue orders",
    "count": "owner catalogue orders",
    "count-sign": CATALOGUE,
    "count-withdraw": "owner catalogue orders",
    "partner-list": "owner catalogue orders analyst",
    "partner-create": NOBODY_ELSE,
    "partner-manage": NOBODY_ELSE,
    "partner-delete": NOBODY_ELSE,
    "offer-list": "owner catalogue analyst",
    "offer-detail": "owner catalogue analyst",
    "offer-metadata": CATALOGUE,
    "offer-condition": CATALOGUE,
    "offer-benefit": CATALOGUE,
    "offer-restrictions": CATALOGUE,
    "offer-delete": CATALOGUE,
    "range-list": CATALOGUE,
    "range-create": CATALOGUE,
    "range-update": CATALOGUE,
    "range-delete": CATALOGUE,
    "range-products": CATALOGUE,
    "range-reorder": CATALOGUE,
    "reviews-list": "owner catalogue support",
    "reviews-update": "owner catalogue support",
    "reviews-delete": "owner catalogue support",
    "voucher-list": "owner catalogue analyst",
    "voucher-stats": "owner catalogue analyst",
    "voucher-create": CATALOGUE,
    "voucher-update": CATALOGUE,
    "voucher-delete": CATALOGUE,
    "voucher-set-list": CATALOGUE,
    "voucher-set-create": CATALOGUE,
    "voucher-set-update": CATALOGUE,
    "voucher-set-detail": CATALOGUE,
    "voucher-set-download": CATALOGUE,
    "voucher-set-delete": CATALOGUE,
    "reports-index": "owner analyst",
    "message-list": ORDERS,
    "message": ORDERS,
    "message-templates": "owner orders",
    "message-template": "owner orders",
    "message-template-preview": "owner orders",
    "message-template-reset": "owner orders",
    "outbox-list": "owner orders",
    "outbox-replay": NOBODY_ELSE,
    "delivery-rate-list": "owner orders",
    "delivery-rate-create": "owner orders",
    "delivery-rate": "owner orders",
    "delivery-rate-delete": "owner orders",
}

MAY_POST = {
    "index": "",
    "order-bulk": "owner orders",
    "users-index": "owner support",
    "catalogue-product-list": CATALOGUE,
    "catalogue-category-list": CATALOGUE,
    "catalogue-category-detail-list": CATALOGUE,
    "offer-detail": CATALOGUE,
    "price-list-prices": CATALOGUE,
    "price-list-quantities": CATALOGUE,
    "price-quantities": CATALOGUE,
}
"""Where fewer people may send a form than open the page."""

OPEN_TO_ALL = {"login", "logout"}

READ_BY_MEMBERS_OF_SOME_STORES = {"company-list", "company", "company-part-numbers", "application-list", "application"}
COMPANIES = {
    name for name in MAY_OPEN if name.startswith(("company", "application", "customer-group"))
} - READ_BY_MEMBERS_OF_SOME_STORES
ALERTS = {name for name in MAY_OPEN if name.startswith("user-alert-")}
MARKETING = ("offer-", "voucher-", "price-", "affiliate")
STOCK_WORK = {"stock-book", "stock-transfer", "count", "count-list", "count-import", "count-withdraw"}
STOCK_RULES = {"location", "location-create", "stock-policy", "count-sign"}
BANK = {name for name in MAY_OPEN if name.startswith(("bank-", "credit-", "gift-card-", "store-credit-"))}
LOST_BY_MEMBERS_OF_SOME_STORES = {
    "orders": ALERTS | COMPANIES | STOCK_WORK | BANK,
    "support": ALERTS,
    "catalogue": {name for name in MAY_OPEN if name.startswith(MARKETING)} | STOCK_WORK | STOCK_RULES,
    "analyst": {"reports-index", "order-stats"}
    | {name for name, roles in MAY_OPEN.items() if name.startswith(MARKETING) and "analyst" in roles},
}
"""Pages that know no store, so that who is limited to some does not see them."""


def addresses() -> Iterator[tuple[str, str]]:
    """The name and a path of every address of the dashboard, with ids that nothing has."""
    dashboard = next(p for p in _flat(get_resolver().url_patterns) if str(p.pattern) == "dashboard/")
    yield from _walk(dashboard.url_patterns, "/dashboard/")


def _flat(patterns) -> Iterator[URLPattern | URLResolver]:
    for pattern in patterns:
        yield pattern
        if isinstance(pattern, URLResolver) and str(pattern.pattern) == "":
            yield from _flat(pattern.url_patterns)


def _walk(patterns, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield pattern.name, _filled(path)


def _filled(path: str) -> str:
    path = re.sub(r"<(int|str|slug):\w+>", "999999", path)
    path = re.sub(r"\(\?P<\w+>[^)]*\)", "999999", path)
    return path.replace("^", "").replace("$", "")


ADDRESSES = sorted(set(addresses()))


def test_every_address_is_in_the_table_and_the_table_names_no_other():
    assert {name for name, _ in ADDRESSES} == MAY_OPEN.keys()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(browser_of, role):
    browser = browser_of(role)

    for name, path in ADDRESSES:
        status = browser.get(path).status_code
        assert (status != 403) is (role in MAY_OPEN[name].split()), (name, status)
        assert status < 500, name
    for name, path in ADDRESSES:
        status = browser.post(path).status_code
        may = role in MAY_POST.get(name, MAY_OPEN[name]).split()
        assert (status != 403) is may or status == 405, (name, status)
        assert status < 500, name


@pytest.mark.parametrize("role", ["catalogue", "orders", "support", "analyst"])
def test_a_member_of_some_stores_loses_what_knows_no_store(browser_of, world, role):
    browser = browser_of(role, stores=(world.there,))

    lost = LOST_BY_MEMBERS_OF_SOME_STORES.get(role, set())
    for name, path in ADDRESSES:
        may = role in MAY_OPEN[name].split() and name not in lost
        assert (browser.get(path).status_code != 403) is may, (role, name)


def test_the_mark_of_staff_alone_opens_nothing(browser_of, aurora):
    browser = browser_of(None)
    with merchant_scope(aurora.pk):
        User.objects.filter(email="None-0@aurora.example".lower()).update(is_staff=True)

    for name, path in ADDRESSES:
        assert name in OPEN_TO_ALL or browser.get(path).status_code == 403, name


def test_pages_that_were_left_out_are_gone(browser_of):
    browser = browser_of("owner")

    for path in ("pages/", "pages/create/", "comms/", "partners/1/users/add/", "partners/1/users/1/link/"):
        assert browser.get("/dashboard/" + path).status_code == 404, path
    assert browser.get("/admin/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_shows_what_the_role_may_open(browser_of, role):
    browser = browser_of(role)
    page = browser.get("/dashboard/").content.decode()

    menu = re.findall(r'href="(/dashboard/[^"]*)"', page.partition('class="board-nav"')[2].partition("</nav>")[0])
    assert all(browser.get(path).status_code == 200 for path in menu)
    assert (len(menu) > 0) is (role != "editor")


def test_strangers_are_sent_to_the_one_sign_in(world, lumen):
    stranger = Client(headers={"host": "aurora.example"})

    for name, path in ADDRESSES:
        response = stranger.get(path)
        assert response.status_code == 302, name
        assert response["Location"].startswith(("/accounts/", "/dashboard/login/?next=/")), name
    assert stranger.get("/dashboard/login/?next=/dashboard/orders/")["Location"] == (
        "/accounts/login/?next=/dashboard/orders/"
    )


def test_a_stranger_from_another_merchant_opens_nothing(world, lumen, browser_of):
    owner = browser_of("owner")
    with merchant_scope(lumen.pk):
        theirs = User.objects.create_user(
            "eve@lumen.example",
            "a long password",
        )
    stranger = Client(headers={"host": "lumen.example"})
    with merchant_scope(lumen.pk):
        stranger.force_login(theirs)

    assert stranger.get(f"/dashboard/orders/{world.order_here.number}/").status_code == 403
    stranger.cookies = owner.cookies
    assert stranger.get("/dashboard/").status_code == 302
