import re
from decimal import Decimal
from html import unescape

import pytest

from shop.accounts.models import User
from shop.basket import views
from shop.basket.models import Basket, Line
from shop.catalogue.models import Product
from shop.listings.actions import unlist_products
from shop.partner.models import StockRecord
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, content, put_in, said
from tests.goods import a_parent, a_product, attribute
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper(aurora_store):
    return a_shopper()


@pytest.fixture
def ann(shopper) -> User:
    """The shopper's account, signed in."""
    ann = User.objects.create_user(email="ann@example.com", password="long-enough-word")
    shopper.force_login(ann)
    return ann


def formset(*lines: Line, prefix: str = "form", **fields: object) -> dict[str, object]:
    """What the page of the basket posts: `quantity=3` is of the first line, `quantity_1=3` of the second."""
    data: dict[str, object] = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": len(lines)}
    for number, line in enumerate(lines):
        data[f"{prefix}-{number}-id"] = line.pk
        data[f"{prefix}-{number}-quantity"] = line.quantity
    for name, value in fields.items():
        field, _, number = name.rpartition("_") if name[-1].isdigit() else (name, "", "0")
        data[f"{prefix}-{number}-{field}"] = value
    return data


def change(shopper, **fields: object):
    lines = Line.objects.filter(basket__status="Open").order_by("pk")
    return shopper.post("/basket/", formset(*lines, **fields))


def test_the_page_shows_what_each_line_costs_and_what_all_cost(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    put_in(shopper, a_product("Cup", aurora_store, price="8.325"), 3)
    put_in(shopper, a_product("Bowl", aurora_store, price="10"))

    text = shopper.get("/basket/").content.decode()

    for amount in ("£9.99", "£29.97", "£12.00", "£41.97"):
        assert amount in text


def test_quantities_can_be_changed_and_lines_removed(shopper, aurora_store):
    for title in ("Cup", "Bowl", "Jug"):
        put_in(shopper, a_product(title, aurora_store))

    response = change(shopper, quantity=5, quantity_1=0, DELETE_2="on")

    assert response.status_code == 302
    assert content() == {"Cup": 5}


def test_each_field_takes_as_many_as_its_line_may_have(shopper, aurora_store, settings):
    settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 12
    put_in(shopper, a_product("Cup", aurora_store), 2)
    put_in(shopper, a_product("Bowl", aurora_store), 6)

    page = shopper.get("/basket/").content.decode()
    changed = change(shopper, quantity=3, quantity_1="99").content.decode()

    assert re.findall(r'name="form-\d-quantity" value="(\d+)" min="0" max="(\d+)"', page) == [("2", "6"), ("6", "10")]
    assert re.findall(r'name="form-1-quantity" value="(\d+)"', changed) == ["99"]


def test_a_form_that_claims_very_many_lines_is_not_read_to_the_end(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store))
    form = formset(*Line.objects.all(), quantity="x") | {"form-TOTAL_FORMS": 100_000, "form-INITIAL_FORMS": 100_000}

    assert len(shopper.post("/basket/", form).context_data["formset"].forms) <= 100


def test_a_quantity_that_cannot_be_is_refused_and_nothing_is_lost(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store), 2)
    put_in(shopper, a_product("Bowl", aurora_store), 3)

    for quantity in ("11", "-1", "x", "1.5", "9" * 30, "9" * 5000):
        response = change(shopper, quantity=quantity, quantity_1=4)
        assert response.status_code == 200
        assert 'class="field__errors"' in response.content.decode()
        assert content() == {"Cup": 2, "Bowl": 3}


def test_lines_can_be_removed_while_another_is_wrong(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store), 2)
    put_in(shopper, a_product("Bowl", aurora_store))

    change(shopper, quantity=99, DELETE_1="on")

    assert content() == {"Cup": 2}


def test_what_is_gone_or_unlisted_is_said_and_stays_till_it_is_removed(shopper, aurora_store):
    cup, bowl, jug = (a_product(title, aurora_store) for title in ("Cup", "Bowl", "Jug"))
    for product in (cup, bowl, jug):
        put_in(shopper, product)
    cup.stockrecords.update(num_in_stock=0)
    unlist_products(aurora_store, [bowl])

    page = shopper.get("/basket/")

    assert page.context_data["basket_warnings"] == [f"“{title}” can't be bought any more." for title in ("Cup", "Bowl")]
    assert content() == {"Cup": 1, "Bowl": 1, "Jug": 1}


def test_a_price_that_has_changed_is_said_once_it_has_been_seen_no_more(shopper, aurora_store):
    cup = a_product("Cup", aurora_store, price="10")
    put_in(shopper, cup)
    assert shopper.get("/basket/").context_data["basket_warnings"] == []

    cup.stockrecords.update(price=12)
    [warning] = shopper.get("/basket/").context_data["basket_warnings"]
    assert warning == "“Cup” costs £12.00 now; it was £10.00 when you put it in."

    change(shopper, quantity=2)
    assert shopper.get("/basket/").context_data["basket_warnings"] == []


def test_more_of_the_same_is_no_change_of_its_price(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.19"))
    put_in(shopper, a_product("Cup", aurora_store, price="0.0425"), 7)

    change(shopper, quantity=9)

    assert shopper.get("/basket/").context_data["basket_warnings"] == []


def test_the_masthead_says_how_many_pieces_there_are(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)
    put_in(shopper, cup, 3)

    tool = re.search(r'id="basket-tool".*?</a>', shopper.get(cup.get_absolute_url()).content.decode(), re.DOTALL)[0]

    assert re.search(r'class="tool__count"[^>]*>3<', tool)


# Saved for later


def test_a_line_can_be_saved_for_later_and_moved_back(shopper, aurora_store, ann):
    cup, bowl = a_product("Cup", aurora_store), a_product("Bowl", aurora_store)
    put_in(shopper, cup, 2)
    put_in(shopper, bowl)

    change(shopper, save_for_later="on")
    saved = Basket.objects.get(status="Saved")
    assert (saved.store, saved.owner, content(saved)) == (aurora_store, ann, {"Cup": 2})
    assert "Saved for later" in shopper.get("/basket/").content.decode()

    shopper.post("/basket/saved/", formset(saved.lines.get(), prefix="saved", move_to_basket="on"))
    assert content(Basket.objects.get(status="Open")) == {"Bowl": 1, "Cup": 2}


def test_a_saved_line_can_be_moved_into_a_basket_that_is_not_there_yet(shopper, aurora_store, ann):
    put_in(shopper, a_product("Cup", aurora_store), 2)
    change(shopper, save_for_later="on")
    Basket.objects.filter(status="Open").delete()
    line = Line.objects.get()

    shopper.post("/basket/saved/", formset(line, prefix="saved", move_to_basket="on"))

    assert content(Basket.objects.get(status="Open")) == {"Cup": 2}


def test_what_is_sold_out_stays_saved(shopper, aurora_store, ann):
    cup = a_product("Cup", aurora_store)
    put_in(shopper, cup, 2)
    change(shopper, save_for_later="on")
    cup.stockrecords.update(num_in_stock=1)

    response = shopper.post("/basket/saved/", formset(Line.objects.get(), prefix="saved", move_to_basket="on"))

    assert said(response)[-1] == "a maximum of 1 can be bought"
    assert content(Basket.objects.get(status="Saved")) == {"Cup": 2}


def test_posting_to_a_saved_basket_that_is_not_there_changes_nothing(shopper, ann):
    assert shopper.post("/basket/saved/", formset(prefix="saved")).status_code == 302

    assert not Basket.objects.exists()


def test_a_guest_saves_nothing_for_later(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store))

    change(shopper, save_for_later="on")

    assert content() == {"Cup": 1}


def test_a_long_basket_is_shown_in_pages_that_are_changed_one_by_one(shopper, aurora_store, monkeypatch):
    monkeypatch.setattr(views, "LINES_SHOWN", 2)
    for title in ("Cup", "Bowl", "Dish", "Mug", "Plate"):
        put_in(shopper, a_product(title, aurora_store))
    lines = list(Line.objects.order_by("pk"))

    second = shopper.get("/basket/?page=2").content.decode()
    shopper.post("/basket/?page=2", formset(*lines[2:4], quantity=4, DELETE_1="on"))
    last = shopper.get("/basket/?page=9").content.decode()

    assert "3 to 4 of 5" in second
    assert [title for title in ("Cup", "Bowl", "Dish", "Mug", "Plate") if f">{title}</a></h3>" in second] == [
        "Dish",
        "Mug",
    ]
    assert 'action="/basket/?page=2"' in second
    assert "£50.00" in second  # of all five
    assert content() == {"Cup": 1, "Bowl": 1, "Dish": 4, "Plate": 1}
    assert "3 to 4 of 4" in last


def test_what_was_typed_on_a_page_reaches_its_lines_wherever_they_have_moved(shopper, aurora_store, monkeypatch):
    monkeypatch.setattr(views, "LINES_SHOWN", 1)
    for title in ("Cup", "Bowl", "Dish"):
        put_in(shopper, a_product(title, aurora_store))
    cup, _bowl, dish = Line.objects.order_by("pk")
    shopper.post("/basket/", formset(cup, DELETE="on"))  # in another tab

    wrong = shopper.post("/basket/?page=3", formset(dish, quantity="x"))
    shopper.post("/basket/?page=3", formset(dish, quantity=3))

    assert [row.line for row in wrong.context_data["formset"].rows] == [dish]
    assert content() == {"Bowl": 1, "Dish": 3}


def test_of_many_changed_prices_the_first_are_told(shopper, aurora_store, monkeypatch):
    monkeypatch.setattr(views, "MOST_WARNINGS", 1)
    for title in ("Cup", "Bowl", "Dish"):
        put_in(shopper, a_product(title, aurora_store))
    StockRecord.objects.update(price=12)

    page = unescape(shopper.get("/basket/").content.decode())

    assert "“Cup” costs £12.00 now" in page
    assert "“Bowl” costs" not in page
    assert "2 more products have changed or can't be bought any more." in page


# Queries


def test_the_page_takes_as_many_queries_for_many_lines_as_for_few(shopper, aurora_store, ann):
    def add(start: int) -> None:
        for n in range(start, start + 3):
            put_in(shopper, a_product(f"Cup {n}", aurora_store))
            shirt = a_parent(f"Shirt {n}", aurora_store, variants={"": "8"})
            attribute(shirt.children.get(), "size", "large")
            put_in(shopper, shirt, child_id=shirt.children.get().pk)

    counts = []
    for start in (0, 3):
        add(start)
        shopper.get("/basket/")
        with counted_queries() as shown:
            assert "large" in shopper.get("/basket/").content.decode()
        with counted_queries() as changed:
            assert change(shopper, quantity=start + 2).status_code == 302
        counts.append((len(shown), len(changed)))

    assert counts[0] == counts[1] <= (18, 17), f"{shown}\n{changed}"


def test_the_masthead_asks_once_for_the_basket(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)
    shopper.get(cup.get_absolute_url())

    counts = []
    for number in range(3):
        if number:
            put_in(shopper, a_product(f"Cup {number}", aurora_store))
        with counted_queries() as queries:
            shopper.get(cup.get_absolute_url())
        counts.append(len(queries))

    assert counts == [counts[0], counts[0] + 1, counts[0] + 1], str(queries)


# The stranger


def test_the_lines_of_another_basket_are_not_changed(shopper, aurora_store, lumen):
    put_in(a_shopper(), a_product("Cup", aurora_store), 2)
    theirs = [Line.objects.get()]
    with merchant_scope(lumen.pk):
        put_in(a_shopper("lumen"), a_product("Lamp", Store.objects.get()), 2)
        theirs.append(Line.objects.get())
    put_in(shopper, a_product("Bowl", aurora_store))
    own = Line.objects.get(product__title="Bowl")

    for line in theirs:
        shopper.post("/basket/", formset(line, quantity=9))
        shopper.post("/basket/", formset(line, DELETE="on"))
        shopper.post("/basket/", formset(own, line, quantity_1=9))

    assert {line.product.title: line.quantity for line in Line.objects.all()} == {"Cup": 2, "Bowl": 1}
    with merchant_scope(lumen.pk):
        assert content() == {"Lamp": 2}


def test_another_shoppers_saved_lines_are_not_moved(shopper, aurora_store, ann):
    put_in(shopper, a_product("Cup", aurora_store))
    change(shopper, save_for_later="on")
    line = Line.objects.get()
    bob = a_shopper()
    bob.force_login(User.objects.create_user(email="bob@example.com", password="long-enough-word"))

    bob.post("/basket/saved/", formset(line, prefix="saved", move_to_basket="on"))
    a_shopper().post("/basket/saved/", formset(line, prefix="saved", move_to_basket="on"))

    assert Line.objects.get().basket == Basket.objects.get(owner=ann, status="Saved")
    assert Product.objects.count() == 1
