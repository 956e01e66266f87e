"""What people do in a store, in whatever language it speaks: found by address, by field, by place on the page."""

from playwright.sync_api import Page, expect

from tests.trade import PASSWORD

ADDRESSES = {
    "GB": {
        "first_name": "Ada",
        "last_name": "Byron",
        "line1": "1 Canal Street",
        "line4": "London",
        "postcode": "N1 9GU",
    },
    "DE": {"first_name": "Ada", "last_name": "Byron", "line1": "Kanalweg 1", "line4": "Berlin", "postcode": "10115"},
}
COUNTRIES = {"aurora": "GB", "lumen": "DE"}


def submit(page: Page, action: str) -> None:
    """Press the button of the form that posts there, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(f'main form[action="{action}"] button[type="submit"]').first.click()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f'main input[name="{name}"]', value)


def open_product(page: Page, origin: str, title: str) -> None:
    """By the menu, from the home page."""
    page.goto(f"{origin}/")
    opener = page.locator(".masthead__menu")
    if opener.is_visible():
        opener.click()
    page.locator('#menu a[href="/catalogue/"]').click()
    page.get_by_role("link", name=title, exact=True).first.click()
    expect(page.locator("h1")).to_have_text(title)


def put_in_basket(page: Page, origin: str) -> None:
    """What the page shows; then open the basket."""
    before = page.locator("#basket-tool").inner_text()
    page.locator('.buy form[action*="/basket/add/"] button[type="submit"]').click()
    expect(page.locator("#basket-tool")).not_to_have_text(before)
    page.goto(f"{origin}/basket/")


def sign_in(page: Page, origin: str, email: str) -> None:
    page.goto(f"{origin}/accounts/login/")
    fill_sign_in(page, email)
    expect(page.locator("#account-tool")).to_have_attribute("href", "/accounts/")


def fill_sign_in(page: Page, email: str) -> None:
    """Wait for the page that follows: whoever went on before would break it off, and be nobody."""
    fill(page, **{"login-username": email, "login-password": PASSWORD})
    with page.expect_navigation():
        page.click('button[name="login_submit"]')


def sign_out_of_the_dashboard(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".board-tools form button").click()


def say_where_to(page: Page, slug: str) -> None:
    """The first page of the checkout for whoever is known; the store proposes its own country."""
    expect(page.locator('select[name="country"]')).to_have_value(COUNTRIES[slug])
    fill(page, **ADDRESSES[COUNTRIES[slug]])
    submit(page, "/checkout/shipping-address/")


def pay_and_order(page: Page, origin: str, method: str) -> str:
    """From the choice of payment to the thanks; the number of the order."""
    expect(page).to_have_url(f"{origin}/checkout/payment-details/")
    page.check(f'input[name="payment"][value="{method}"]')
    submit(page, "/checkout/payment-details/")
    expect(page).to_have_url(f"{origin}/checkout/preview/")
    submit(page, "/checkout/preview/")
    expect(page).to_have_url(f"{origin}/checkout/thank-you/")
    return page.locator(".thanks strong").inner_text()


def expect_no_sideways_scrolling(page: Page) -> None:
    """Of a page that has come whole: a click ends when the next one has begun to come."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
