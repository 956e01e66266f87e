"""An order clerk's pages: finding orders, doing something to one or to many, and seeing what happened."""

import csv
import io
import re
from decimal import Decimal
from html import unescape

import openpyxl
import pytest
from django.utils.timezone import now, timedelta

from shop.accounts.models import User
from shop.audit.actions import record
from shop.dashboard.orders.timeline import SAID
from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.fulfilment.models import Cancellation, Shipment
from shop.inventory.actions import allocate
from shop.inventory.actions.movements import book
from shop.inventory.models import Cause, Location
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.fulfilment.orders import a_placed_order, in_stock, part_of, pay, placed_on_invoice, state_of
from tests.inventory.stocked import adds_up
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def shop(world):
    """The store of these orders, which has no other."""
    Order.objects.all().update(store=world.there)
    return open_for_trade(world.here)


@pytest.fixture
def clerk(browser_of, world):
    return browser_of("orders")


def text(response) -> str:
    return unescape(response.content.decode())


def found(clerk, **query) -> set[str]:
    page = text(clerk.get("/dashboard/orders/", query))
    return set(re.findall(r'<a href="/dashboard/orders/([\w-]+)/">\1</a>', page))


def said(clerk, order, then="") -> str:
    """What the page that an answer leads to tells."""
    page = text(clerk.get(f"/dashboard/orders/{order.number}/{then}"))
    return " ".join(re.sub(r"<[^>]+>", " ", block) for block in re.findall(r'class="alert.*?</div>', page, re.S))


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input name="(part-\d+-of-\d+)" value="(\d+)"', page))


def test_orders_are_found_by_all_that_a_clerk_may_know_of_them(shop, clerk, world):
    company = a_company("Harbour Café")
    cups = a_placed_order(shop, ("Cup", 3))
    plates = placed_on_invoice(shop, ("Plate", 9), buyer=a_buyer("grace@people.example"))
    Order.objects.filter(pk=plates.pk).update(company=company, date_placed=now() - timedelta(days=9))
    tomorrow, yesterday = (f"{now() + timedelta(days=days):%Y-%m-%d}" for days in (1, -1))

    def finds(order, **query):
        return found(clerk, store=shop.pk, **query) == {order.number}

    assert finds(cups, q="ada@example")
    assert finds(cups, q=cups.lines.get().partner_sku.lower())
    assert finds(plates, q=plates.number[:10])
    assert finds(plates, status=OrderStatus.PENDING)
    assert finds(plates, company="harbour")
    assert finds(plates, company=company.code)
    assert finds(plates, placed_until=yesterday)
    assert finds(cups, placed_from=yesterday, placed_until=tomorrow)
    assert finds(plates, total_from=cups.total_incl_tax + 1)
    assert finds(cups, total_until=cups.total_incl_tax)
    assert found(clerk, store=world.there.pk) == {"A-1", "C-1"}
    assert found(clerk, q="nothing of this kind") == set()


def test_one_click_finds_what_was_placed_today(shop, clerk):
    today, before = a_placed_order(shop, ("Cup", 3)), a_placed_order(shop, ("Plate", 1))
    Order.objects.filter(pk=before.pk).update(date_placed=now() - timedelta(days=2))

    page = clerk.get("/dashboard/orders/").content.decode()
    (day,) = re.findall(r'<a href="\?placed_from=(\S+?)">Placed today</a>', page)

    assert found(clerk, store=shop.pk, placed_from=day) == {today.number}


def test_orders_are_found_by_how_far_they_are_paid(shop, clerk):
    clerk_user = a_buyer("other@aurora.example")
    words = (
        "open",
        "authorised",
        "partly",
        "paid",
        "partly-refunded",
        "refunded",
        "refund-due",
        "nothing-due",
        "disputed",
    )
    orders = {word: a_placed_order(shop) for word in words}
    pay(orders["authorised"], Decimal(5))
    for kind, amount in ((TransactionKind.AUTHORISE, 40), (TransactionKind.VOID, 10)):
        note_transaction(orders["authorised"], kind, Decimal(amount), method="stripe", key=kind, details={"payment": 7})
    pay(orders["partly"], Decimal(1))
    pay(orders["paid"])
    pay(orders["refund-due"])
    cancel_parts(orders["refund-due"], part_of(orders["refund-due"].lines.get(), 1), by=clerk_user)
    cancel_order(orders["nothing-due"], by=clerk_user)
    for word, amount in (("partly-refunded", 1), ("refunded", orders["refunded"].total_incl_tax)):
        pay(orders[word])
        note_transaction(orders[word], TransactionKind.REFUND, Decimal(amount), method="bank_transfer", key=word)
    pay(orders["disputed"])
    bank, due = {"method": "stripe", "key": "the dispute"}, orders["disputed"].total_incl_tax
    note_transaction(orders["disputed"], TransactionKind.DISPUTE, due, **bank)

    for name, order in orders.items():
        assert found(clerk, store=shop.pk, payment=name) == {order.number}
        assert f'order-paid" data-state="{name}"' in text(clerk.get(f"/dashboard/orders/{order.number}/"))


def test_nonsense_in_the_address_filters_nothing(shop, clerk):
    order = a_placed_order(shop)

    for query in ({"placed_from": "x"}, {"status": "x"}, {"total_from": "-1"}, {"store": "999999999999"}, {"q": "\0"}):
        assert order.number in found(clerk, **query)
    assert clerk.get("/dashboard/orders/?placed_until=9999-12-31").status_code == 200


@pytest.mark.parametrize("written_as", ["csv", "xlsx"])
def test_what_the_filters_find_is_exported(shop, clerk, written_as):
    order, other = a_placed_order(shop), a_placed_order(shop)
    order.shipping_address.first_name = '=HYPERLINK("https://evil.example")'
    order.shipping_address.save()
    pay(order)

    answer = clerk.get(f"/dashboard/orders/export/?status=Paid&format={written_as}")
    content = answer.content

    if written_as == "csv":
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = [[str(cell) for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.values]
    assert [dict(zip(rows[0], row, strict=True))["Order"] for row in rows[1:]] == [order.number]
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["Deliver to"] == '\'=HYPERLINK("https://evil.example") Byron'
    assert (row["Status"], row["Payment"]) == ("Paid", "Paid in full")
    assert Decimal(row["Paid"]) == Decimal(row["With tax"]) == order.total_incl_tax
    assert other.number not in str(rows)


def test_a_clerk_sends_an_order_in_two_parcels_and_notes_their_arrival(shop, clerk):
    order = placed_on_invoice(shop, ("Cup", 3), ("Plate", 1))
    address = f"/dashboard/orders/{order.number}/"
    cups, plates = order.lines.order_by("pk")
    post = {"carrier": "Royal Mail", "tracking_number": "RM1", "tracking_url": "https://track.example/RM1"}

    shown = fields(text(clerk.get(f"{address}ship/")))
    assert list(shown.values()) == ["3", "1"]
    clerk.post(f"{address}ship/", post | shown | {f"part-{cups.pk}-of-3": "2", f"part-{plates.pk}-of-1": "0"})
    assert state_of(order) == (OrderStatus.PARTLY_SHIPPED, [(1, 2, 0), (1, 0, 0)])
    clerk.post(f"{address}ship/", {"carrier": "", **fields(text(clerk.get(f"{address}ship/")))})
    for shipment in Shipment.objects.all():
        clerk.post(f"{address}parcels/{shipment.pk}/", {"action": "deliver"})

    page = text(clerk.get(address))
    assert state_of(order)[0] == OrderStatus.COMPLETE
    assert '<a href="https://track.example/RM1" rel="noopener noreferrer">RM1</a>' in page
    assert "Parcel 1 sent with 2 pieces: Royal Mail RM1" in page
    assert "Partly shipped → Shipped" in page
    assert page.count("orders-0@aurora.example") >= 6
    assert "Nothing is left to be sent or cancelled." in page


def test_what_a_buyer_chose_of_a_product_is_shown_where_it_is_packed(shop, clerk):
    order = placed_on_invoice(shop)
    order.lines.get().attributes.create(type="engraving", value="For Ada")

    for page in ("", "ship/"):
        assert "engraving: For Ada" in text(clerk.get(f"/dashboard/orders/{order.number}/{page}"))


def test_a_form_that_was_sent_twice_sends_one_parcel(shop, clerk):
    order = placed_on_invoice(shop)
    form = {f"part-{order.lines.get().pk}-of-3": "1", "carrier": "Post"}

    for _ in range(2):
        assert clerk.post(f"/dashboard/orders/{order.number}/ship/", form).status_code == 302

    assert state_of(order)[1] == [(2, 1, 0)]
    assert Shipment.objects.count() == 1


def test_a_clerk_who_was_overtaken_is_told_and_keeps_what_was_typed(shop, clerk):
    order = placed_on_invoice(shop)
    form = {f"part-{order.lines.get().pk}-of-3": "3", "carrier": "Royal Mail"}
    cancel_parts(order, part_of(order.lines.get(), 1), by=User.objects.first())

    page = text(clerk.post(f"/dashboard/orders/{order.number}/ship/", form))

    assert "Somebody has changed the order meanwhile: 2 pieces of “Cup” are open now." in page
    assert 'value="Royal Mail"' in page
    assert list(fields(page).values()) == ["2"]
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("pieces", ["x", "-1", "1.5", "99999999999", "٣"])
def test_what_is_no_number_of_pieces_is_refused_and_kept(shop, clerk, pieces):
    order = placed_on_invoice(shop)
    name = f"part-{order.lines.get().pk}-of-3"

    page = text(clerk.post(f"/dashboard/orders/{order.number}/ship/", {name: pieces}))

    assert f"“{pieces}” is no number of pieces." in page
    assert f'name="{name}" value="{pieces}"' in page
    assert state_of(order)[1] == [(3, 0, 0)]


def test_a_tracking_link_that_would_run_a_script_is_refused(shop, clerk):
    order = placed_on_invoice(shop)
    form = {f"part-{order.lines.get().pk}-of-3": "3", "tracking_url": "javascript:alert(1)"}

    page = text(clerk.post(f"/dashboard/orders/{order.number}/ship/", form))

    assert "Enter a valid URL." in page
    assert not Shipment.objects.exists()


def test_a_clerk_cancels_some_pieces_and_then_all_that_is_open(shop, clerk):
    order = a_placed_order(shop, ("Cup", 3), ("Plate", 1))
    pay(order)
    address = f"/dashboard/orders/{order.number}/"
    shown = fields(text(clerk.get(f"{address}cancel/")))
    assert set(shown.values()) == {"0"}

    first = next(iter(shown))
    clerk.post(f"{address}cancel/", shown | {first: "2", "reason": "Broken"})
    page = text(clerk.get(address))
    assert state_of(order)[1] == [(1, 0, 2), (1, 0, 0)]
    assert "Broken" in page
    assert "Refund due" in page
    clerk.post(f"{address}cancel/", fields(text(clerk.get(f"{address}cancel/"))) | {"takes_all": "1"})

    assert state_of(order)[0] == OrderStatus.CANCELLED
    assert in_stock(order) == [(10, 0), (10, 0)]
    assert balance_of(Order.objects.get(pk=order.pk)).excess == order.total_incl_tax
    assert "can't be cancelled" in text(clerk.get(f"{address}cancel/"))


def test_a_clerk_holds_an_order_and_releases_it(shop, clerk):
    order = a_placed_order(shop)
    move = f"/dashboard/orders/{order.number}/move/"

    clerk.post(move, {"action": "hold", "reason": " "})
    assert "Please say why." in said(clerk, order)
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    clerk.post(move, {"action": "hold", "reason": "Strange address"})
    assert state_of(order)[0] == OrderStatus.HELD
    assert "Strange address" in text(clerk.get("/dashboard/review/"))
    seen = re.search(r'name="seen" value="([\d:]+)"', text(clerk.get(f"/dashboard/orders/{order.number}/")))[1]
    clerk.post(move, {"action": "release", "seen": seen})
    assert state_of(order)[0] == OrderStatus.HELD
    clerk.post(move, {"action": "release", "reason": "I rang them", "seen": seen})
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    clerk.post(move, {"action": "release", "reason": "I rang them", "seen": seen})
    assert "The order is not held" in said(clerk, order)
    clerk.post(move, {"action": "start"})
    assert "An order that is “Awaiting payment” can't become “Being processed”." in said(clerk, order)
    assert clerk.post(move, {"action": "paid"}).status_code == 404
    assert "Strange address" in text(clerk.get(f"/dashboard/orders/{order.number}/"))


def test_of_many_orders_each_is_done_or_says_why_not(shop, clerk):
    ready, unpaid, gone = (
        placed_on_invoice(shop),
        a_placed_order(shop),
        placed_on_invoice(shop, buyer=a_buyer("g@x.example")),
    )
    cancel_order(gone, by=None)
    ticked = [order.pk for order in (ready, unpaid, gone)]

    page = text(clerk.post("/dashboard/orders/bulk/", {"action": "ship", "order": ticked, "confirmed": "yes"}))

    rows = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in re.findall(r"<tr>.*?</tr>", page, re.S)[1:]]
    assert ready.number in rows[0]
    assert "Shipped Done." in rows[0]
    assert "An order that is “Awaiting payment” can't be sent." in rows[1]
    assert "An order that is “Cancelled” can't be sent." in rows[2]
    assert Shipment.objects.get().order == ready
    clerk.post(
        "/dashboard/orders/bulk/", {"action": "cancel", "order": ticked, "reason": "Closing", "confirmed": "yes"}
    )
    assert state_of(unpaid)[0] == OrderStatus.CANCELLED
    assert state_of(ready)[0] == OrderStatus.SHIPPED
    assert Cancellation.objects.filter(reason="Closing").count() == 1


def test_what_happened_is_told_in_words(shop, clerk, browser_of):
    order = placed_on_invoice(shop)
    for action in (*SAID, "demo.order_placed"):
        details = {"pieces": 2, "amount": "12.50", "parcel": 1, "key": "ab12", "before": "Pending", "after": "Paid"}
        record(action, by=None, target=order, store=shop, **details)

    page = text(clerk.get(f"/dashboard/orders/{order.number}/"))

    timeline = re.sub(r"<[^>]+>", "", page.partition('id="timeline"')[2])
    assert "£12.50 is to go back by the gateway" in timeline
    assert "2 pieces cancelled, £12.50" in timeline
    assert "Announced: the order was placed" in timeline
    assert re.findall(r"\b(?:order|payment|review|api|demo)\.[a-z_]+", timeline) == []


def test_nothing_is_done_to_many_orders_before_it_is_confirmed(shop, clerk):
    order = placed_on_invoice(shop)
    listed = text(clerk.get("/dashboard/orders/"))

    page = text(
        clerk.post("/dashboard/orders/bulk/", {"action": "ship", "order": [order.pk], "back": "?status=Pending"})
    )

    assert '<option value="">Choose</option>' in listed
    assert "This is about 1 order." in page
    assert order.number in page
    assert 'href="/dashboard/orders/?status=Pending"' in page
    assert state_of(order) == (OrderStatus.PENDING, [(3, 0, 0)])


def test_who_says_not_what_to_do_is_asked(shop, clerk):
    order = placed_on_invoice(shop)

    page = clerk.post("/dashboard/orders/bulk/", {"action": "", "order": [order.pk], "confirmed": "yes"}, follow=True)

    assert "Say what to do with the ticked orders." in text(page)
    assert state_of(order) == (OrderStatus.PENDING, [(3, 0, 0)])


def test_figures_leave_out_what_was_cancelled(shop, clerk):
    order = a_placed_order(shop, ("Cup", 3))
    Order.objects.exclude(pk=order.pk).update(total_incl_tax=0)
    cancel_parts(order, part_of(order.lines.get(), 1), by=None)

    for page in ("", "orders/statistics/"):
        assert f"£{order.amount_due}" in text(clerk.get(f"/dashboard/{page}"))


def test_statistics_call_a_status_as_the_order_does(shop, clerk):
    order = placed_on_invoice(shop)

    said = text(clerk.get("/dashboard/orders/statistics/"))

    assert order.status == OrderStatus.PENDING
    assert "Received" in said
    assert "Pending" not in said


def test_support_sees_an_order_notes_on_it_and_changes_nothing(shop, browser_of):
    order, support = placed_on_invoice(shop), browser_of("support")
    address = f"/dashboard/orders/{order.number}/"

    page = text(support.get(address))
    assert "Send a parcel" not in page
    support.post(f"{address}notes/", {"message": "She called."})
    for path in ("ship/", "cancel/", "move/"):
        assert support.post(address + path, {"action": "hold"}).status_code == 403
    assert support.post("/dashboard/orders/bulk/", {"action": "cancel", "order": [order.pk]}).status_code == 403
    assert support.post("/dashboard/orders/bulk/", {"action": "csv", "order": [order.pk]}).status_code == 200

    assert state_of(order) == (OrderStatus.PENDING, [(3, 0, 0)])
    assert order.notes.get().message == "She called."
    support.post(f"{address}notes/{order.notes.get().pk}/")
    assert not order.notes.exists()


def test_nobody_deletes_what_somebody_else_noted(shop, browser_of, clerk):
    order = placed_on_invoice(shop)
    browser_of("support").post(f"/dashboard/orders/{order.number}/notes/", {"message": "She called."})

    assert clerk.post(f"/dashboard/orders/{order.number}/notes/{order.notes.get().pk}/").status_code == 404

    assert order.notes.exists()


def test_oscars_ways_to_change_an_order_are_gone(shop, clerk):
    order = placed_on_invoice(shop)
    forms = (
        {"order_action": "change_order_status", "new_status": "Paid"},
        {"order_action": "create_order_payment_event", "amount": "5", "payment_event_type": "paid"},
        {"line_action": "create_shipping_event", "shipping_event_type": "shipped"},
    )

    for form in forms:
        assert clerk.post(f"/dashboard/orders/{order.number}/", form).status_code == 405
    assert (
        clerk.post("/dashboard/orders/", {"action": "change_order_statuses", "new_status": "Paid"}).status_code == 405
    )

    assert state_of(order)[0] == OrderStatus.PENDING


def test_the_pages_of_an_order_ask_as_often_for_many_lines_and_parcels_as_for_few(shop, clerk):
    few = placed_on_invoice(shop, *((f"Thing {n}", 2) for n in range(2)))
    many = placed_on_invoice(shop, *((f"Thing {n}", 2) for n in range(8)), buyer=a_buyer("g@x.example"))
    pages = ("", "ship/", "cancel/")

    def queries(order):
        counts = []
        for page in pages:
            with counted_queries() as counted:
                assert clerk.get(f"/dashboard/orders/{order.number}/{page}").status_code == 200
            counts.append(len(counted))
        return counts

    for order, times in ((few, 1), (many, 4)):
        for _ in range(times):
            form = fields(text(clerk.get(f"/dashboard/orders/{order.number}/ship/")))
            clerk.post(f"/dashboard/orders/{order.number}/ship/", dict.fromkeys(list(form)[:1], "1"))
            form = fields(text(clerk.get(f"/dashboard/orders/{order.number}/cancel/")))
            clerk.post(f"/dashboard/orders/{order.number}/cancel/", dict.fromkeys(list(form)[-1:], "1"))
    queries(few)

    assert queries(few) == queries(many)
    assert max(queries(many)) < 40


def test_a_thousand_lines_are_paged_sent_and_cancelled_in_one_go(shop, clerk):
    order = placed_on_invoice(shop, ("Thing", 2))
    line, number = order.lines.get(), 1000
    copied = [f.attname for f in line._meta.concrete_fields if f.name != "id"]
    book(line.stockrecord, Location.objects.get(), 2 * number - 10, cause=Cause.RECEIPT, by=None)
    copies = type(line).objects.bulk_create(
        type(line)(**{name: getattr(line, name) for name in copied}) for _ in range(number - 1)
    )
    allocate(dict.fromkeys(copies, 2))
    address = f"/dashboard/orders/{order.number}/"

    page = text(clerk.get(address))
    assert "1 to 50 of 1000" in page
    assert clerk.get(f"{address}?page=20").status_code == 200
    shown = fields(text(clerk.get(f"{address}ship/")))
    assert len(shown) == number
    with counted_queries() as sending:
        clerk.post(f"{address}ship/", dict.fromkeys(shown, "1"))
    shown = fields(text(clerk.get(f"{address}cancel/")))
    with counted_queries() as cancelling:
        clerk.post(f"{address}cancel/", shown | {"takes_all": "1"})

    assert state_of(order) == (OrderStatus.SHIPPED, [(0, 1, 1)] * number)
    line.stockrecord.refresh_from_db()
    assert (line.stockrecord.num_in_stock, line.stockrecord.num_allocated) == (number, 0)
    assert adds_up()
    assert max(len(sending), len(cancelling)) < 50
    assert clerk.get(address).status_code == 200


def test_a_stranger_sees_and_does_nothing(shop, clerk, lumen):
    order = placed_on_invoice(shop)
    with merchant_scope(lumen.pk):
        stranger = User.objects.create_superuser("eve@lumen.example", "a long password")
    from django.test import Client

    browser = Client(headers={"host": "lumen.example"})
    with merchant_scope(lumen.pk):
        browser.force_login(stranger)

    for path in ("", "ship/", "cancel/"):
        assert browser.get(f"/dashboard/orders/{order.number}/{path}").status_code in (403, 404)
    browser.post("/dashboard/orders/bulk/", {"action": "cancel", "order": [order.pk], "confirmed": "yes"})

    assert state_of(order)[0] == OrderStatus.PENDING
