"""An order clerk's day by clicks, at a desk and on a telephone, with and without scripts; and what the buyer sees."""

import pytest
from playwright.sync_api import Page, expect

from shop.accounts.models import User
from shop.order.statuses import OrderStatus
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from tests.browser.visits import (
    expect_no_sideways_scrolling,
    fill_sign_in,
    sign_in,
    sign_out_of_the_dashboard,
)
from tests.fulfilment.orders import placed_on_invoice, state_of
from tests.trade import PASSWORD, a_buyer

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.locator("main").get_by_role("link", name=name, exact=True).click()


def expect_state(page: Page, state: str) -> None:
    expect(page.locator("main .order-state").first).to_have_text(state)


@pytest.mark.parametrize(("scripts", "width"), [(True, 1280), (False, 390)], ids=["desk", "telephone, no scripts"])
def test_a_clerk_holds_releases_sends_and_cancels_and_the_buyer_follows(shop, browsing, scripts, width):
    origin, clerk, email = shop.origin("aurora"), f"olga-{width}@example.com", f"bert-{width}@example.com"
    with shop.within("aurora"):
        grant_role(User.objects.create_user(clerk, PASSWORD), Role.ORDERS, by=None)
        goods = (("Cup", 3), ("Plate", 1))
        order, other = (
            placed_on_invoice(Store.objects.get(), *goods, buyer=a_buyer(at)) for at in (email, f"x{email}")
        )
    with browsing(scripts=scripts, width=width) as (page, trouble):
        page.goto(f"{origin}/dashboard/orders/")
        fill_sign_in(page, clerk)
        page.fill("#id_q", email)
        press(page, "Show")
        expect(page.locator(".order-list tbody tr")).to_have_count(2)
        expect_no_sideways_scrolling(page)
        follow(page, order.number)

        page.fill("#reason", "Strange address")
        press(page, "Hold for review")
        expect_state(page, "Held for review")
        page.fill("#reason", "I rang them")
        press(page, "Release")
        expect_state(page, "Received")
        press(page, "Begin with it")
        expect_state(page, "Being processed")

        follow(page, "Send a parcel")
        expect(page.locator("#id_carrier")).to_be_visible()
        expect_no_sideways_scrolling(page)
        page.fill("#id_carrier", "Royal Mail")
        page.fill("#id_tracking_number", "RM1")
        page.fill("#id_tracking_url", "https://track.example/RM1")
        page.get_by_label("In this parcel: Cup").fill("2")
        press(page, "Send it")
        expect_state(page, "Partly shipped")
        follow(page, "Cancel")
        page.get_by_label("Cancel of them: Cup").fill("1")
        press(page, "Cancel these pieces")
        expect_state(page, "Shipped")
        press(page, "It has arrived")
        expect_state(page, "Complete")
        expect(page.locator("#timeline")).to_contain_text("Strange address")
        expect(page.locator("#timeline")).to_contain_text(clerk)
        expect_no_sideways_scrolling(page)

        page.goto(f"{origin}/dashboard/orders/?status=")
        for number in (order.number, other.number):
            page.get_by_label(f"Tick order {number}", exact=True).check()
        page.locator("#bulk-action").select_option("cancel")
        press(page, "Go on")
        press(page, "Do it")
        expect(page.locator("main tbody")).to_contain_text("An order that is “Complete” can't be cancelled.")
        expect(page.locator("main tbody")).to_contain_text("Done.")

        sign_out_of_the_dashboard(page)
        sign_in(page, origin, email)
        page.goto(f"{origin}/accounts/orders/{order.number}/")
        expect(page.locator("main")).to_contain_text("Your order has arrived.")
        expect(page.locator('main a[href="https://track.example/RM1"]')).to_be_visible()
        expect_no_sideways_scrolling(page)
        assert trouble == []
    with shop.within("aurora"):
        assert state_of(order) == (OrderStatus.COMPLETE, [(0, 2, 1), (0, 1, 0)])
        assert state_of(other)[0] == OrderStatus.CANCELLED


def test_a_buyer_cancels_an_order_by_clicks(shop, browsing):
    origin, email = shop.origin("aurora"), "carla@example.com"
    with shop.within("aurora"):
        order = placed_on_invoice(Store.objects.get(), ("Cup", 3), buyer=a_buyer(email))
    with browsing(width=390) as (page, trouble):
        sign_in(page, origin, email)
        page.goto(f"{origin}/accounts/orders/{order.number}/")
        page.get_by_text("Cancel this order", exact=True).click()
        press(page, "Cancel the whole order")

        expect(page.locator("main")).to_contain_text("Nothing of it will be sent.")
        assert trouble == []
    with shop.within("aurora"):
        assert state_of(order)[0] == OrderStatus.CANCELLED


def test_staffs_tables_are_stacked_on_a_telephone(shop, browsing):
    origin, owner = shop.origin("aurora"), "theodora@example.com"
    with shop.within("aurora"):
        grant_role(User.objects.create_user(owner, PASSWORD), Role.OWNER, by=None)
        placed_on_invoice(Store.objects.get(), ("Cup", 1), buyer=a_buyer("a-rather-long-name@example.com"))
    with browsing(width=390) as (page, trouble):
        page.goto(f"{origin}/dashboard/")
        fill_sign_in(page, owner)

        for path in STACKED:
            page.goto(f"{origin}/dashboard/{path}")
            expect(page.locator(".board-cards").first).to_be_visible()
            assert page.evaluate(SCROLLING) == [], path
    assert trouble == []


STACKED = ("", "orders/", "gateway-payments/", "webhooks/", "stock/", "outbox/?state=all", "messages/", "audit/")
STACKED += ("catalogue/", "users/")
SCROLLING = """[...document.querySelectorAll("html, .board-main, .board-scroll, .table-responsive")]
    .filter(box => box.scrollWidth > box.clientWidth).map(box => box.className)"""
