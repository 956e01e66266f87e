"""The quick order: what is asked for comes back row by row, is put right, and goes into the basket."""

from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from openpyxl import Workbook

from shop.basket.models import Basket, Line
from shop.catalogue.models import Option, Product
from shop.companies.models import PartNumber
from shop.companies.roles import MemberRole
from shop.listings.actions import unlist_products
from shop.partner.models import StockRecord
from shop.partner.strategy import Selector
from shop.pricing.context import from_store
from shop.quickorder.entries import MOST_ENTRIES
from shop.quickorder.review import Row, State
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, content, put_in, said
from tests.business import a_company, a_member
from tests.goods import a_parent, a_product, stock
from tests.pricing.trade import a_list, set_prices
from tests.queries import counted_queries
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db

PAGE = "/quick-order/"


@pytest.fixture
def shopper(aurora_store):
    return a_shopper()


def goods(store: Store, *skus: str, **fields: Any) -> list[Product]:
    """Products that are called by their supplier's numbers, at 10 each; ten of each are there."""
    made = [a_product(f"Product {sku}", store, upc=None, price=None, **fields) for sku in skus]
    for product, sku in zip(made, skus, strict=True):
        record = stock(product, "10")
        StockRecord.objects.filter(pk=record.pk).update(partner_sku=sku)
    return made


def ask(shopper: Client, text: str, **fields: Any) -> HttpResponse:
    return shopper.post(PAGE, {"text": text} | fields)


def rows(response: HttpResponse) -> list[Row]:
    assert response.status_code == 200, response
    return response.context_data["review"].rows


def sent_back(response: HttpResponse, **changes: Any) -> dict[str, Any]:
    """The fields of the review as the page has them; `row_0_quantity=3` changes one."""
    fields: dict[str, Any] = {}
    for number, row in enumerate(rows(response)):
        product_id = row.product.pk if row.product and not row.choices else row.entry.product_id
        values = {"code": row.entry.code, "quantity": row.entry.quantity, "product": product_id or ""}
        values |= {"order": row.entry.order_line_id or "", "title": row.entry.title}
        fields |= {f"row-{number}-{name}": value for name, value in values.items()}
    return fields | {name.replace("_", "-"): value for name, value in changes.items()}


def states(response: HttpResponse) -> list[tuple[str, State]]:
    return [(row.entry.code, row.state) for row in rows(response)]


def test_each_line_comes_back_as_a_row_with_what_it_is_and_costs(shopper, aurora_store):
    goods(aurora_store, "AB-1", "AB-2")

    response = ask(shopper, "AB-1 3\nab-2\t1")

    assert states(response) == [("AB-1", State.READY), ("ab-2", State.READY)]
    text = response.content.decode()
    for shown in ("Product AB-1", "Product AB-2", "£10.00", "£30.00", "Put 2 products into the basket"):
        assert shown in text
    assert not Basket.objects.exists()


def test_what_is_right_goes_into_the_basket_and_the_rest_stays_to_be_corrected(shopper, aurora_store):
    goods(aurora_store, "AB-1", "AB-2")

    first = ask(shopper, "AB-1 3\nAB-3 1\nAB-2 99")
    response = shopper.post(PAGE, sent_back(first, action="add"))

    assert content() == {"Product AB-1": 3}
    assert states(response) == [("AB-3", State.UNKNOWN), ("AB-2", State.SHORT)]
    assert said(response) == ["1 product is in your basket now.", "2 lines are still to be put right."]


def test_rows_are_corrected_in_place(shopper, aurora_store):
    goods(aurora_store, "AB-1", "AB-2")
    first = ask(shopper, "AB-1\tx\nZZ 2")

    response = shopper.post(PAGE, sent_back(first, row_0_quantity="4", row_1_code="AB-2", action="add"))

    assert response.headers["Location"] == "/basket/"
    assert content() == {"Product AB-1": 4, "Product AB-2": 2}


def test_an_unknown_number_comes_with_what_looks_like_it(shopper, aurora_store):
    goods(aurora_store, "WIDGET-100", "WIDGET-200", "OTHER")
    a_product("Walnut tray", aurora_store)

    [number, title, nothing] = rows(ask(shopper, "WIDGET-10O 1\nwalnut try\t1\nqqqqqq 1"))

    assert {row.state for row in (number, title, nothing)} == {State.UNKNOWN}
    assert [product.title for product in number.choices][:1] == ["Product WIDGET-100"]
    assert [product.title for product in title.choices] == ["Walnut tray"]
    assert nothing.choices == []


def test_a_suggestion_can_be_chosen(shopper, aurora_store):
    [widget] = goods(aurora_store, "WIDGET-100")
    first = ask(shopper, "WIDGET-10O 2")

    response = shopper.post(PAGE, sent_back(first, row_0_product=widget.pk))

    [row] = rows(response)
    assert (row.state, row.product, row.quantity) == (State.READY, widget, 2)
    assert "you asked for “WIDGET-10O”" in response.content.decode()


def test_a_number_of_several_products_is_ambiguous_until_one_is_chosen(shopper, aurora_store):
    [first] = goods(aurora_store, "AB-1")
    second = a_product("Second", aurora_store, upc="ab-1")

    response = ask(shopper, "AB-1")

    [row] = rows(response)
    assert (row.state, set(row.choices)) == (State.AMBIGUOUS, {first, second})
    shopper.post(PAGE, sent_back(response, row_0_product=second.pk, action="add"))
    assert content() == {"Second": 1}


def test_of_a_product_in_variants_one_is_chosen(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "9"}, code="SHIRT")
    large = shirt.children.get(title="Large")

    response = ask(shopper, "shirt 2")

    [row] = rows(response)
    assert (row.state, [child.title for child in row.choices]) == (State.VARIANT, ["Small", "Large"])
    shopper.post(PAGE, sent_back(response, row_0_product=large.pk, action="add"))
    assert content() == {"Shirt, Large": 2}


def test_what_is_made_to_wishes_is_ordered_on_its_own_page(shopper, aurora_store):
    [cup] = goods(aurora_store, "AB-1")
    cup.product_options.add(Option.objects.create(name="Engraving", code="engraving", type="text"))

    response = ask(shopper, "AB-1")

    assert states(response) == [("AB-1", State.OPTIONS)]
    assert f'<a class="link" href="{cup.get_absolute_url()}">To its page' in response.content.decode()


def test_more_than_there_are_says_how_many_there_are_and_one_click_takes_them(shopper, aurora_store):
    [cup] = goods(aurora_store, "AB-1")
    put_in(shopper, cup, 4)

    response = ask(shopper, "AB-1 7")

    [row] = rows(response)
    assert (row.state, row.reason, row.available) == (State.SHORT, "Only 10 pieces are in stock.", 6)
    assert row.notes == ["4 pieces are in your basket already."]
    [row] = rows(shopper.post(PAGE, sent_back(response, take="0:6")))
    assert (row.state, row.quantity) == (State.READY, 6)


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "x", "9" * 30])
def test_a_quantity_that_cannot_be_is_said_and_kept(shopper, aurora_store, quantity):
    goods(aurora_store, "AB-1")

    [row] = rows(ask(shopper, f"AB-1\t{quantity}"))

    assert (row.state, row.entry.quantity) == (State.QUANTITY, quantity[:20])
    assert row.reason


def test_what_the_basket_would_refuse_is_refused_in_its_words(shopper, aurora_store, settings):
    settings.OSCAR_MAX_BASKET_QUANTITY_THRESHOLD = 12
    goods(aurora_store, "AB-1", "AB-2")

    first, second = rows(ask(shopper, "AB-1 8\nAB-2 5"))

    assert (first.state, second.state) == (State.READY, State.QUANTITY)
    assert second.reason == "One order holds at most 12 pieces."


def test_lines_of_one_product_are_added_together_and_say_so(shopper, aurora_store):
    [cup] = goods(aurora_store, "AB-1")
    Product.objects.filter(pk=cup.pk).update(upc="4006381333931")

    [row, wrong] = rows(ask(shopper, "AB-1 5\nab-1\tx\n4006381333931 3"))

    assert (row.quantity, row.notes) == (8, ["Asked for in several lines, added together: 5 + 3."])
    assert (wrong.state, wrong.entry.quantity) == (State.QUANTITY, "x")


def test_a_row_is_priced_beside_the_others_and_what_is_in_the_basket(shopper, aurora_store):
    """As it will be when all of them are in the basket: where a list counts variants together, they count."""
    shirt = a_parent("Shirt", aurora_store, variants={"S": "10", "M": "10", "L": "10"})
    small, medium, large = shirt.children.order_by("title")
    for number, variant in enumerate((small, medium, large)):
        StockRecord.objects.filter(product=variant).update(partner_sku=f"SH-{number}")
    set_prices(a_list("mixed", mix_and_match=True), shirt, "1:9", "10:7")
    put_in(shopper, small, 3)

    alone = rows(ask(shopper, "SH-1 3"))
    together = ask(shopper, "SH-1 3\nSH-2 4")

    assert [row.line.unit_price_excl_tax for row in alone] == [9]
    assert [row.line.unit_price_excl_tax for row in rows(together)] == [7, 7]
    shopper.post(PAGE, sent_back(together, action="add"))
    basket = Basket.objects.get()
    basket.strategy = Selector().strategy(context=from_store(aurora_store))
    assert {line.unit_price_excl_tax for line in basket.all_lines()} == {7}


def test_who_is_told_no_prices_is_asked_to_sign_in(shopper, aurora_store):
    goods(aurora_store, "AB-1")
    Store.objects.update(hides_prices=True)

    (row,) = rows(ask(shopper, "AB-1 3"))

    assert (row.state, row.line) == (State.GONE, None)
    assert row.reason.startswith("Please sign in")


def test_lines_can_be_added_to_a_review_and_taken_off(shopper, aurora_store):
    goods(aurora_store, "AB-1", "AB-2")
    first = ask(shopper, "AB-1 1\nZZ 1")

    response = shopper.post(PAGE, sent_back(first, text="AB-2 2", drop="1"))

    assert states(response) == [("AB-1", State.READY), ("AB-2", State.READY)]


def test_who_sends_nothing_is_asked_for_something(shopper, aurora_store):
    text = ask(shopper, " \n").content.decode()

    assert "Please enter a number, or choose a file." in text
    assert 'aria-describedby="id_text_helptext id_text_error"' in text
    assert 'id="id_text_error"' in text


def test_the_last_row_taken_off_leads_back_to_the_beginning(shopper, aurora_store):
    response = shopper.post(PAGE, sent_back(ask(shopper, "ZZ 1"), drop="0"))

    assert "Look them up" in response.content.decode()
    assert not response.context_data["form"].errors


def test_what_is_no_longer_sold_is_said_not_dropped(shopper, aurora_store):
    [cup] = goods(aurora_store, "AB-1")
    first = ask(shopper, "AB-1 2")
    unlist_products(aurora_store, [cup])

    response = shopper.post(PAGE, sent_back(first, action="add"))

    assert states(response) == [("AB-1", State.GONE)]
    assert content_of_all() == {}


def content_of_all() -> dict[str, int]:
    return {title: n for basket in Basket.objects.all() for title, n in content(basket).items()}


# For a company


def test_a_buyer_may_use_the_numbers_of_their_company_while_they_buy_for_it(shopper, aurora_store):
    [cup] = goods(aurora_store, "AB-1")
    company, buyer = a_company(), a_buyer()
    a_member(company, user=buyer)
    PartNumber.objects.create(company=company, product=cup, number="OUR-7")
    shopper.force_login(buyer)

    assert states(ask(shopper, "our-7 2")) == [("our-7", State.UNKNOWN)]
    session = shopper.session
    session["acting_for"] = company.pk
    session.save()
    [row] = rows(ask(shopper, "our-7 2"))

    assert (row.state, row.product) == (State.READY, cup)


def test_who_only_looks_on_for_a_company_is_told_so(shopper, aurora_store):
    goods(aurora_store, "AB-1")
    member = a_member(a_company(), MemberRole.VIEWER)
    shopper.force_login(member.user)
    session = shopper.session
    session["acting_for"] = member.company_id
    session.save()

    response = ask(shopper, "AB-1 1", action="add")

    assert "For this company you may look, and not order" in response.content.decode()
    assert content_of_all() == {}


# Files


def a_file(content: bytes, name: str = "order.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def a_workbook(*table: tuple[object, ...]) -> bytes:
    book, file = Workbook(), BytesIO()
    for cells in table:
        book.active.append(cells)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"AB-1;3\nAB-2;1\n",
        b"sku,quantity\r\nAB-1,3\r\nAB-2,1\r\n",
        "\ufeffMenge\tName\tArtikelnummer\n3\tBügel\tAB-1\n1\t\tAB-2".encode(),
        b"Artikel;Name;Menge\nAB-1;B\xfcgel;3\nAB-2;;1\n",
        a_workbook(("AB-1", 3), ("AB-2", 1.0)),
        a_workbook(("SKU", "Title", "Qty"), ("AB-1", "Cup", "3"), ("AB-2", None, 1)),
    ],
    ids=["no headings", "headings", "German, tabs", "another encoding beside", "workbook", "workbook with headings"],
)
def test_a_file_is_read_as_what_is_typed(shopper, aurora_store, content):
    goods(aurora_store, "AB-1", "AB-2")

    response = ask(shopper, "", file=a_file(content))

    assert [(row.entry.code, row.entry.quantity) for row in rows(response)] == [("AB-1", "3"), ("AB-2", "1")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b"sku;quantity\nB\xfcgel;1\n", "Line 2 is not in UTF-8. Please save the file as “CSV UTF-8”."),
        ("sku;quantity\nAB-1;1".encode("utf-16"), "This file can't be read."),
        (b"\xd0\xcf\x11\xe0 an old workbook", "This file can't be read."),
        (b"PK\x03\x04 a broken one", "This file can't be read."),
        (b"AB-1;1\n" * 100_000, "That is more than 1000 lines. Please order them in parts."),
        (b"A" * 1_500_000 + b";1", "Line 1 is too long to be a number and a quantity."),
        (b"A" * 10_000_000 + b";1", "The file is larger than 2 MB"),
        (b"\n \n", "This file can't be read."),
    ],
    ids=["empty", "encoding", "utf-16", "xls", "damaged", "100,000 rows", "long cell", "10 MB cell", "blank"],
)
def test_a_file_that_cannot_be_taken_is_answered_by_a_sentence(shopper, aurora_store, content, sentence):
    goods(aurora_store, "AB-1")
    first = ask(shopper, "AB-1 1")

    alone = ask(shopper, "", file=a_file(content))
    beside = shopper.post(PAGE, sent_back(first, action="add", file=a_file(content)))

    for response in (alone, beside):
        assert response.status_code == 200
        assert sentence in unescape(response.content.decode())
    assert states(beside) == [("AB-1", State.READY)]
    assert content_of_all() == {}


def test_a_workbook_that_grows_when_unpacked_is_refused(shopper, aurora_store):
    table = [("x" * 30_000, n) for n in range(1500)]

    response = ask(shopper, "", file=a_file(a_workbook(*table), "bomb.xlsx"))

    assert "This file can't be read." in unescape(response.content.decode())


@pytest.mark.parametrize(("columns", "is_read"), [(20, True), (200, False)])
def test_a_workbook_that_takes_long_to_read_is_refused_however_small(shopper, aurora_store, columns, is_read):
    goods(aurora_store, "AB-1")
    table = [("AB-1", 1, *(f"{row}.{column}" for column in range(columns))) for row in range(MOST_ENTRIES)]

    response = ask(shopper, "", file=a_file(a_workbook(*table), "wide.xlsx"))

    assert ("This file can't be read." not in unescape(response.content.decode())) is is_read


@pytest.mark.parametrize(
    "fields",
    [
        {"row-0-code": "A\x00B", "row-0-quantity": "1"},
        {"row-0-code": "AB-1", "row-0-quantity": "1", "row-0-product": "x", "row-0-order": "-1"},
        {"row-0-code": "AB-1", "row-0-quantity": "1", "row-0-product": "9" * 30},
        {"row-0-code": "AB-1", "row-0-quantity": "1", "take": "0"},
        {"row-0-code": "AB-1", "row-0-quantity": "1", "take": "x:y", "drop": "x"},
        {"row-0-quantity": "1", "action": "add"},
        {"text": "A\x00B 1"},
        {"text": "\ud800 1"},
        {"action": "add"},
        {},
    ],
)
def test_nonsense_is_answered_by_the_page(shopper, aurora_store, fields):
    goods(aurora_store, "AB-1")

    fields = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}

    assert shopper.post(PAGE, fields).status_code == 200


def test_a_thousand_rows_come_back(shopper, aurora_store):
    goods(aurora_store, "AB-1")

    first = ask(shopper, "AB-1 1\n" + "".join(f"N{n} 1\n" for n in range(999)))
    response = shopper.post(PAGE, sent_back(first))

    assert len(rows(first)) == len(rows(response)) == 1000


# Queries


def test_a_review_and_an_order_take_as_many_queries_for_many_rows_as_for_few(shopper, aurora_store):
    shopper.force_login(a_buyer())
    counts = []
    for start in (0, 3):
        numbers = range(start + 3)
        for n in range(start, start + 3):
            goods(aurora_store, f"AB-{n}")
            a_parent(f"Shirt {n}", aurora_store, variants={f"S{n}": "8", f"M{n}": "8"}, code=f"SHIRT-{n}")
            a_parent(f"Vest {n}", aurora_store, variants={"": "8"}, code=f"VEST-{n}")
            goods(aurora_store, f"SHORT-{n}", f"{n}WIDGET{n}")
        text = "".join(f"AB-{n} 1\nSHIRT-{n} 1\nVEST-{n}\nSHORT-{n} 99\n{n}WIDGOT{n}\t1\n" for n in numbers)
        Line.objects.all().delete()
        put_in(shopper, Product.objects.get(title="Product AB-0"))
        shopper.get(PAGE)
        with counted_queries() as reviewed:
            response = ask(shopper, text)
        with counted_queries() as ordered:
            shopper.post(PAGE, sent_back(response, action="add"))
        counts.append((len(reviewed), len(ordered)))
        assert len(response.context_data["review"].ready) == 2 * (start + 3)

    assert counts[0] == counts[1], f"{reviewed}\n\n{ordered}"
    assert counts[0] <= (20, 26), f"{reviewed}\n\n{ordered}"


# The stranger


def test_numbers_and_ids_of_another_merchants_products_are_nobodys(shopper, aurora_store, lumen):
    goods(aurora_store, "AB-1")
    hidden = a_product("Hidden", upc="HIDDEN-1")
    with merchant_scope(lumen.pk):
        [theirs] = goods(Store.objects.get(), "LUMEN-77")

    response = ask(shopper, "LUMEN-77 1\nLUMEN-78 1\nHIDDEN-1 1")
    chosen = shopper.post(PAGE, sent_back(response, row_0_product=theirs.pk, row_1_product=hidden.pk, action="add"))

    assert [(row.state, row.choices) for row in rows(response)] == [(State.UNKNOWN, [])] * 3
    assert [row.state for row in rows(chosen)] == [State.GONE, State.GONE, State.UNKNOWN]
    assert "Product LUMEN-77" not in chosen.content.decode()
    assert content_of_all() == {}
