"""Requisition lists: one's own or a company's, filled from everywhere, ordered by the review of the quick order."""

import pytest
from django.test import Client

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.basket.models import Basket
from shop.catalogue.models import Product
from shop.checkout.actions import place_order
from shop.companies.models import Company
from shop.companies.roles import MemberRole
from shop.customer.actions import close_account
from shop.listings.actions import unlist_products
from shop.quickorder.review import State
from shop.requisitions import actions
from shop.requisitions.actions import make_list, put_on_list
from shop.requisitions.errors import TooMany
from shop.requisitions.models import RequisitionLine, RequisitionList
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, content, put_in, said
from tests.business import a_company, a_member
from tests.goods import a_parent, a_product
from tests.queries import counted_queries
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = pytest.mark.django_db

LISTS = "/accounts/requisitions/"


@pytest.fixture
def ann(aurora_store) -> User:
    return a_buyer("ann@example.com")


@pytest.fixture
def office(aurora_store, ann) -> RequisitionList:
    """Ann's own list: two cups and a bowl."""
    return a_list("Office", aurora_store, ann, Cup=2, Bowl=1)


def a_list(name: str, store: Store, maker: User, company: Company | None = None, **quantities: int) -> RequisitionList:
    made = make_list(name, store=store, maker=maker, company=company)
    put_on_list(made, [(a_product(title, store), quantity) for title, quantity in quantities.items()])
    return made


def signed_in(user: User, company: Company | None = None) -> Client:
    browser = a_shopper()
    browser.force_login(user)
    session = browser.session
    session["acting_for"] = company.pk if company else 0
    session.save()
    return browser


def page_of(requisition_list: RequisitionList, then: str = "") -> str:
    return f"{LISTS}{requisition_list.pk}/{then}"


def lines(requisition_list: RequisitionList) -> list[tuple[str, int]]:
    return [(line.title, line.quantity) for line in requisition_list.lines.in_order()]


def quantities(requisition_list: RequisitionList, **changes: object) -> dict[str, object]:
    """What its page sends: each line's quantity, by its title where it is another."""
    return {f"quantity-{line.pk}": changes.get(line.title, line.quantity) for line in requisition_list.lines.all()}


def line_of(requisition_list: RequisitionList, title: str) -> RequisitionLine:
    return requisition_list.lines.get(title=title)


# One's own


def test_a_list_is_made_renamed_and_deleted(ann, aurora_store):
    browser = signed_in(ann)

    made = browser.post(LISTS, {"name": "Office"})
    office = RequisitionList.objects.get()
    assert made.headers["Location"] == page_of(office)
    assert (office.name, office.maker, office.company, office.store) == ("Office", ann, None, aurora_store)

    browser.post(page_of(office, "change/"), {"name": "Kitchen", "is_shared": "on"})
    office.refresh_from_db()
    assert (office.name, office.company) == ("Kitchen", None)
    assert "Kitchen" in browser.get(LISTS).content.decode()

    assert browser.get(page_of(office, "delete/")).status_code == 200
    browser.post(page_of(office, "delete/"))
    assert not RequisitionList.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="requisition").exists()


def test_no_browser_takes_the_name_of_a_list_for_that_of_a_person(ann):
    assert 'name="name" maxlength="100" required' in signed_in(ann).get(LISTS).content.decode()


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_a_list_without_a_name_is_not_made(ann, aurora_store, name):
    response = signed_in(ann).post(LISTS, {"name": name})

    assert response.status_code == 200
    assert 'class="field__errors"' in response.content.decode()
    assert not RequisitionList.objects.exists()


def test_there_is_an_end_to_lists_and_to_their_lines(ann, aurora_store, monkeypatch, office):
    monkeypatch.setattr(actions, "MOST_LISTS", 1)
    monkeypatch.setattr(actions, "MOST_LINES", 2)

    assert "You have 1 lists" in signed_in(ann).post(LISTS, {"name": "Another"}).content.decode()
    with pytest.raises(TooMany):
        put_on_list(office, [(a_product("Jug", aurora_store), 1)])

    assert RequisitionList.objects.count() == 1
    assert lines(office) == [("Cup", 2), ("Bowl", 1)]


def test_what_is_put_on_it_again_is_more_of_it(ann, aurora_store, office):
    put_on_list(office, [(Product.objects.get(title="Bowl"), 4), (a_product("Jug", aurora_store), 1)])

    assert lines(office) == [("Cup", 2), ("Bowl", 5), ("Jug", 1)]


def test_quantities_and_the_order_of_lines_are_changed_together(ann, office):
    browser = signed_in(ann)

    browser.post(page_of(office), quantities(office, Cup=7))
    assert lines(office) == [("Cup", 7), ("Bowl", 1)]

    browser.post(page_of(office), quantities(office, Bowl=3) | {"action": f"up:{line_of(office, 'Bowl').pk}"})
    assert lines(office) == [("Bowl", 3), ("Cup", 7)]

    browser.post(page_of(office), quantities(office) | {"action": f"down:{line_of(office, 'Bowl').pk}"})
    browser.post(page_of(office), quantities(office) | {"action": f"down:{line_of(office, 'Bowl').pk}"})
    browser.post(page_of(office), quantities(office) | {"action": "up:x"})
    assert lines(office) == [("Cup", 7), ("Bowl", 3)]

    browser.post(page_of(office), quantities(office) | {"action": f"remove:{line_of(office, 'Cup').pk}"})
    assert lines(office) == [("Bowl", 3)]


@pytest.mark.parametrize("quantity", ["", "0", "-1", "x", "1.5", "9" * 30])
def test_a_quantity_that_cannot_be_is_refused_and_the_others_wait(ann, office, quantity):
    response = signed_in(ann).post(page_of(office), quantities(office, Cup=quantity, Bowl=5))

    assert 'class="field__errors"' in response.content.decode()
    assert lines(office) == [("Cup", 2), ("Bowl", 1)]


def test_what_the_store_no_longer_sells_is_shown_as_such(ann, aurora_store, office):
    unlist_products(aurora_store, [Product.objects.get(title="Cup")])
    Product.objects.get(title="Bowl").delete()

    response = signed_in(ann).get(page_of(office))

    assert [(line.title, row.state) for line, row in response.context_data["rows"]] == [
        ("Cup", State.GONE),
        ("Bowl", State.GONE),
    ]
    assert response.content.decode().count("This is no longer sold here.") == 2


def test_a_list_says_what_is_in_the_basket_already_since_prices_go_by_both(ann, aurora_store, office):
    cup = Product.objects.get(title="Cup")
    a_basket(aurora_store, (cup, 3), owner=ann)

    page = signed_in(ann).get(page_of(office)).content.decode()

    assert page.count("3 pieces are in your basket already.") == 1


# Ordering


def test_all_of_a_list_is_reviewed_and_then_ordered(ann, aurora_store, office):
    put_on_list(office, [(a_product("Jug", aurora_store), 99)])
    browser = signed_in(ann)

    response = browser.post(page_of(office), {"action": "order"})

    rows = response.context_data["review"].rows
    assert [(row.product.title, row.state) for row in rows] == [
        ("Cup", State.READY),
        ("Bowl", State.READY),
        ("Jug", State.SHORT),
    ]
    assert not Basket.objects.exists()
    fields = {f"row-{n}-{name}": value for n, row in enumerate(rows[:2]) for name, value in sent(row).items()}
    assert browser.post("/quick-order/", fields | {"action": "add"}).headers["Location"] == "/basket/"
    assert content() == {"Cup": 2, "Bowl": 1}


def sent(row) -> dict[str, object]:
    return {"code": row.entry.code, "quantity": row.entry.quantity, "product": row.product.pk}


def test_chosen_lines_are_ordered_with_the_quantities_that_are_typed_which_the_list_forgets(ann, office):
    fields = quantities(office, Bowl=4) | {"action": "order", "line": [line_of(office, "Bowl").pk]}

    response = signed_in(ann).post(page_of(office), fields)

    [row] = response.context_data["review"].rows
    assert (row.product.title, row.quantity) == ("Bowl", 4)
    assert lines(office) == [("Cup", 2), ("Bowl", 1)]


# Onto a list


def test_a_product_is_put_on_a_list_from_its_page(ann, aurora_store, office):
    jug, browser = a_product("Jug", aurora_store), signed_in(ann)
    address = f"{LISTS}add/{jug.pk}/"

    assert address in browser.get(jug.get_absolute_url()).content.decode()
    assert browser.get(address).status_code == 200
    answer = browser.post(address, {"to": office.pk, "quantity": 3})

    assert answer.headers["Location"] == page_of(office)
    assert said(answer) == ["1 product is on the list “Office”."]
    assert lines(office) == [("Cup", 2), ("Bowl", 1), ("Jug", 3)]


def test_of_a_product_in_variants_one_is_put_on_a_new_list(ann, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "9"})
    address, browser = f"{LISTS}add/{shirt.pk}/", signed_in(ann)

    assert 'class="field__errors"' in browser.post(address, {"name": "New", "quantity": 1}).content.decode()
    browser.post(address, {"name": "New", "quantity": 1, "variant": shirt.children.get(title="Large").pk})

    assert lines(RequisitionList.objects.get()) == [("Shirt, Large", 1)]


def test_a_list_is_chosen_or_named(ann, aurora_store):
    cup = a_product("Cup", aurora_store)

    response = signed_in(ann).post(f"{LISTS}add/{cup.pk}/", {"quantity": 1})

    assert "Please give the list a name." in response.content.decode()
    assert not RequisitionList.objects.exists()


def test_a_basket_is_put_on_a_list(ann, aurora_store):
    browser = signed_in(ann)
    put_in(browser, a_product("Cup", aurora_store), 3)
    put_in(browser, a_product("Bowl", aurora_store))

    assert f"{LISTS}from-basket/" in browser.get("/basket/").content.decode()
    browser.post(f"{LISTS}from-basket/", {"name": "Weekly"})

    assert lines(RequisitionList.objects.get()) == [("Cup", 3), ("Bowl", 1)]


def test_no_list_is_made_for_a_basket_that_does_not_fit_on_one(ann, aurora_store, monkeypatch):
    monkeypatch.setattr(actions, "MOST_LINES", 1)
    browser = signed_in(ann)
    for title in ("Cup", "Bowl"):
        put_in(browser, a_product(title, aurora_store))

    response = browser.post(f"{LISTS}from-basket/", {"name": "Weekly"})

    assert "A list holds at most 1 products." in response.content.decode()
    assert not RequisitionList.objects.exists()


def test_an_order_is_put_on_a_list(ann, aurora_store, office):
    open_for_trade(aurora_store)
    basket = a_basket(aurora_store, (a_product("Jug", aurora_store), 2), owner=ann)
    order = place_order(basket, a_purchase(aurora_store, buyer=ann))

    signed_in(ann).post(f"{LISTS}from-order/{order.number}/", {"to": office.pk})

    assert lines(office) == [("Cup", 2), ("Bowl", 1), ("Jug", 2)]


def test_a_quick_order_is_put_on_a_list_and_what_is_no_product_is_named(ann, aurora_store):
    cup, browser = a_product("Cup", aurora_store), signed_in(ann)
    rows = {"row-0-code": cup.upc, "row-0-quantity": "3", "row-1-code": "ZZ", "row-1-quantity": "1"}

    asked = browser.post(f"{LISTS}from-review/", rows)
    kept = browser.post(f"{LISTS}from-review/", rows | {"to": "", "name": "Weekly"})

    assert 'name="row-0-code"' in asked.content.decode()
    assert said(kept) == ["1 product is on the list “Weekly”.", "Not on the list: ZZ."]
    assert lines(RequisitionList.objects.get()) == [("Cup", 3)]


# In a company


@pytest.fixture
def cafe(aurora_store) -> Company:
    return a_company()


@pytest.fixture
def shared(aurora_store, cafe) -> RequisitionList:
    """A list of the café's, made by one of its buyers."""
    return a_list("Stock room", aurora_store, a_member(cafe).user, cafe, Cup=2)


def test_who_buys_for_a_company_may_share_a_list_there_and_take_it_back(aurora_store, cafe, ann):
    a_member(cafe, user=ann)
    browser = signed_in(ann, cafe)

    browser.post(LISTS, {"name": "Stock room", "is_shared": "on"})
    made = RequisitionList.objects.get()
    assert made.company == cafe
    browser.post(page_of(made, "change/"), {"name": "Stock room"})
    made.refresh_from_db()
    assert made.company is None
    browser.post(page_of(made, "change/"), {"name": "Cellar", "is_shared": "on"})

    trail = AuditEntry.objects.filter(action__startswith="requisition_list.").order_by("pk")
    assert [entry.action for entry in trail] == [f"requisition_list.{word}" for word in ("made", "changed", "shared")]
    assert {entry.actor_label for entry in trail} == {ann.email}


@pytest.mark.parametrize("role", [MemberRole.BUYER, MemberRole.APPROVER, MemberRole.ADMIN])
def test_all_who_order_for_the_company_change_its_lists(cafe, shared, role):
    browser = signed_in(a_member(cafe, role).user, cafe)

    browser.post(page_of(shared), quantities(shared, Cup=9))

    assert lines(shared) == [("Cup", 9)]
    assert "Stock room" in browser.get(LISTS).content.decode()


def test_a_viewer_reads_them(cafe, shared):
    browser = signed_in(a_member(cafe, MemberRole.VIEWER).user, cafe)

    page = browser.get(page_of(shared))

    assert "Cup" in page.content.decode()
    assert 'name="action"' not in page.content.decode()
    assert browser.post(page_of(shared), quantities(shared, Cup=9)).status_code == 403
    assert "For this company you may look" in browser.post(page_of(shared), {"action": "order"}).content.decode()
    cup = Product.objects.get(title="Cup")
    assert browser.post(f"{LISTS}add/{cup.pk}/", {"to": shared.pk, "quantity": 1}).status_code == 200
    assert browser.post(LISTS, {"name": "Mine", "is_shared": "on"}).status_code == 302
    assert RequisitionList.objects.get(name="Mine").company is None
    assert lines(shared) == [("Cup", 2)]


@pytest.mark.parametrize(
    ("role", "status"), [(MemberRole.ADMIN, 302), (MemberRole.BUYER, 403), (MemberRole.VIEWER, 403)]
)
def test_beside_its_maker_only_an_administrator_renames_and_deletes(cafe, shared, role, status):
    browser = signed_in(a_member(cafe, role).user, cafe)

    changed = browser.post(page_of(shared, "change/"), {"name": "Cellar", "is_shared": "on"})
    deleted = browser.post(page_of(shared, "delete/"))

    assert (changed.status_code, deleted.status_code) == (status, status)
    assert RequisitionList.objects.filter(name="Stock room").exists() is (status == 403)
    trail = AuditEntry.objects.filter(action__in=["requisition_list.changed", "requisition_list.deleted"])
    assert trail.count() == (2 if status == 302 else 0)


def test_who_buys_for_themselves_does_not_see_the_companys(cafe, shared):
    member = shared.maker

    assert signed_in(member).get(page_of(shared)).status_code == 404
    assert signed_in(member, cafe).get(page_of(shared)).status_code == 200


def test_a_shared_list_outlives_the_account_of_its_maker_and_an_own_list_does_not(cafe, shared, aurora_store):
    maker = shared.maker
    a_list("Mine", aurora_store, maker)

    close_account(maker)

    [left] = RequisitionList.objects.all()
    assert (left.name, left.maker) == ("Stock room", None)
    assert "Stock room" in signed_in(a_member(cafe).user, cafe).get(LISTS).content.decode()


# Queries


def test_pages_take_as_many_queries_for_many_as_for_few(ann, aurora_store):
    browser, counts = signed_in(ann), []
    for start in (0, 3):
        for n in range(start, start + 3):
            office = a_list(f"Office {n}", aurora_store, ann)
            a_parent(f"Shirt {n}", aurora_store, variants={"": "8"})
            a_product(f"Cup {n}", aurora_store)
        goods = Product.objects.exclude(structure="parent").select_related("parent").buying()
        browser.get(LISTS)
        with counted_queries() as filled:
            put_on_list(office, [(product, 1) for product in goods])
        with counted_queries() as listed:
            browser.get(LISTS)
        with counted_queries() as shown:
            browser.get(page_of(office))
        with counted_queries() as changed:
            browser.post(page_of(office), dict.fromkeys(quantities(office), 5))
        counts.append(tuple(map(len, (filled, listed, shown, changed))))
        assert len(lines(office)) == 2 * (start + 3)

    assert counts[0] == counts[1], f"{shown}\n\n{filled}"


# The stranger


def test_a_stranger_finds_nobodys_lists(ann, aurora_store, office, cafe, shared, lumen):
    mallory = signed_in(a_buyer("mallory@example.com"))
    elsewhere = signed_in(a_member(a_company("Rival")).user, cafe)
    jug = a_product("Jug", aurora_store)

    for stranger in (mallory, elsewhere):
        assert {"Office", "Stock room"}.isdisjoint(stranger.get(LISTS).content.decode().split())
        for theirs in (office, shared):
            for then in ("", "change/", "delete/"):
                assert stranger.get(page_of(theirs, then)).status_code == 404
                assert stranger.post(page_of(theirs, then), {"name": "Taken"}).status_code == 404
            answer = stranger.post(f"{LISTS}add/{jug.pk}/", {"to": theirs.pk, "quantity": 1})
            assert answer.status_code == 200
    assert a_shopper().get(page_of(office)).status_code == 302
    with merchant_scope(lumen.pk):
        grace = a_buyer("grace@lumen.example")
    carried = a_shopper("lumen")
    with merchant_scope(lumen.pk):
        carried.force_login(grace)
    assert carried.get(page_of(office)).status_code == 404
    assert carried.get(f"{LISTS}add/{jug.pk}/").status_code == 404

    assert (lines(office), lines(shared)) == ([("Cup", 2), ("Bowl", 1)], [("Cup", 2)])


def test_a_list_is_of_its_store(ann, aurora_store, office):
    open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    there = a_shopper("clinics")
    there.force_login(ann)

    assert there.get(page_of(office)).status_code == 404
    assert "Office" not in there.get(LISTS).content.decode()


def test_lines_of_another_list_are_not_changed(ann, aurora_store, office):
    other = a_list("Other", aurora_store, a_buyer("bob@example.com"), Jug=2)
    jug = line_of(other, "Jug")

    browser = signed_in(ann)
    for action in ("up", "down", "remove"):
        browser.post(page_of(office), quantities(office) | {f"quantity-{jug.pk}": 9, "action": f"{action}:{jug.pk}"})
    browser.post(page_of(office), {"action": "order", "line": [jug.pk]})

    assert lines(other) == [("Jug", 2)]
