"""What a file would change in its list, and why some of its rows are refused."""

from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from django.utils import timezone

from shop.catalogue.models import Category
from shop.pricefiles import actions, exports
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.models import PriceFile, PriceFilePart
from shop.pricefiles.states import Mode, State
from shop.pricing.actions import publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.errors import UnknownPriceList
from shop.pricing.models import PriceTier
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.pricing.trade import set_prices
from tests.queries import counted_queries

from .files import HEADER, counts, refusals, send, sku, tiers

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


def test_a_file_is_held_against_the_list_and_changes_nothing_yet(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8", "100:7")
    before = tiers(trade)

    sent = send(trade, HEADER, f"{sku(cup)},1,9.00", f"{sku(cup)},10,7.20", f"{sku(cup)},100,-", f"{sku(pot)},,5")

    assert (sent.state, counts(sent), sent.rows) == ("compared", (1, 1, 1, 1, 0), 4)
    changed = sent.differences_found.get(outcome="changed")
    assert (changed.old_value, changed.value, changed.per_cent) == (D("8"), D("7.2"), D("-10"))
    assert (changed.line, changed.name, changed.product_ref) == (3, sku(cup), cup.pk)
    assert tiers(trade) == before


def test_a_file_that_replaces_takes_out_what_it_does_not_name(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8")
    set_prices(trade, pot, "1:5")

    sent = send(trade, HEADER, f"{sku(cup)},1,9", mode=Mode.REPLACE)

    assert counts(sent) == (0, 0, 2, 1, 0)
    out = sent.differences_found.filter(outcome="removed").values_list("name", "min_quantity", "line")
    assert set(out) == {(sku(cup), 10, None), (sku(pot), 1, None)}


def test_goods_are_found_by_sku_code_barcode_number_and_the_way_to_a_category(trade, cup):
    shirt = a_parent("Shirt", variants={"S": "10"}, code="SHIRT")
    bare = a_product("Bare", price=None, upc="5012345678900")
    home = Category.add_root(name="Home")
    light = home.add_child(name="Light")

    sent = send(
        trade,
        "SKU,Category,Value,Kind",
        f"{sku(cup).lower()},,1,",
        "shirt,,2,",
        "5012345678900,,3,fixed",
        f"id:{shirt.children.get().pk},,4,",
        ",home >  light,5,percent",
        f",id:{home.pk},6,percent",
    )

    assert refusals(sent) == []
    found = sent.differences_found.order_by("value").values_list("product_ref", "category_ref")
    assert list(found) == [
        *((cup.pk, None), (shirt.pk, None), (bare.pk, None), (shirt.children.get().pk, None)),
        *((None, light.pk), (None, home.pk)),
    ]


def test_every_row_that_is_wrong_says_where_and_why(trade, cup, pot):
    twins = [a_product("Twin"), a_product("Twin")]
    for twin in twins:
        twin.stockrecords.update(partner_sku=f"{twin.pk}-T")
    cups, dear = sku(cup), a_product("Dear")
    set_prices(trade, dear, "1:9")

    sent = send(
        trade,
        "sku,category,from_quantity,kind,value,floor,valid_from,valid_until,currency",
        "NOPE,,1,,5,,,,",
        f"{cups},,1,,cheap,,,,",
        f"{cups},,0,,-5,,,,",
        f"{cups},,two,,1.23456,,,,",
        f"{cups},,3,,12345678901,,,,",
        f"{cups},,4,free,5,,,,",
        f"{cups},,5,percent,101,-1,,,",
        f"{cups},,6,,5,,tomorrow,,",
        f"{cups},,7,,5,,2026-12-02,2026-12-01,",
        f"{cups},,8,,5,,,,EUR",
        f"{cups},Home,9,,5,,,,",
        ",,10,,5,,,,",
        f"{cups},,11,,=1+1,,,,",
        f"{sku(pot)},,1,,5,,,,",
        f"{sku(pot)},,1,,6,,,,",
        f"{sku(dear)},,10,,9.50,,,,",
        f"{sku(dear)},,20,,-,,,,",
        "too,short",
    )

    assert refusals(sent) == [
        "2 sku: There is no such product or category.",
        "3 value: “cheap” is not a number such as 1234.50.",
        "4 from_quantity: A price needs a quantity of at least one piece.",
        "4 value: A price must not be negative.",
        "5 from_quantity: “two” is not a number such as 10.",
        "5 value: A price must not have more than four decimals.",
        "6 value: A price of more than 10000000 for one piece is taken for a slip.",
        "7 kind: “free” is none of fixed, percent, amount.",
        "8 floor: A price must not be negative.",
        "8 value: No more than 100 per cent can be taken off.",
        "9 valid_from: “tomorrow” is not a day such as 2026-12-31.",
        "10 valid_until: A price must not end before it starts.",
        "11 currency: The list is in GBP.",
        "12 sku: A row is about a SKU or about a category, not both.",
        "13 sku: The row needs a SKU or a category.",
        "14 value: This is a formula: save the file with its values.",
        "15 from_quantity: The same quantity is named twice for the same thing. See line 16.",
        "16 from_quantity: The same quantity is named twice for the same thing. See line 15.",
        "17 : Another row of the same goods is refused: their prices change together or not at all. See line 18.",
        "18 value: The list has no price to take out for this quantity.",
        "19 : The row can't be read: has 2 cells where the header has 9.",
    ]
    assert counts(sent) == (0, 0, 0, 0, 18)


def test_more_pieces_that_cost_more_and_times_that_overlap_are_refused(trade, cup, pot):
    set_prices(trade, cup, "1:9")
    sent = send(
        trade,
        "sku,from_quantity,value,valid_from,valid_until",
        f"{sku(cup)},10,9.10,,",
        f"{sku(pot)},1,5,2027-01-01,2027-01-31",
        f"{sku(pot)},1,4,2027-01-31,",
        f"{sku(pot)},5,3,,",
    )

    assert refusals(sent) == [
        "2 value: From 10 pieces on one would cost more than from 1 on.",
        "3 : Another row of the same goods is refused: their prices change together or not at all. See line 4.",
        "4 valid_from: Its time overlaps that of another price for the same quantity.",
        "5 : Another row of the same goods is refused: their prices change together or not at all. See line 4.",
    ]


def test_a_window_reaches_to_the_end_of_its_last_day(trade, cup):
    sent = send(
        trade,
        "sku,value,valid_from,valid_until",
        f"{sku(cup)},5,2027-01-01,2027-01-31",
        f"{sku(cup)},4,2027-02-01T12:00:00+01:00,",
    )

    assert refusals(sent) == []
    first, second = sent.differences_found.order_by("line")
    assert (first.valid_from.isoformat(), first.valid_until.isoformat()) == (
        "2027-01-01T00:00:00+00:00",
        "2027-02-01T00:00:00+00:00",
    )
    assert second.valid_from.isoformat() == "2027-02-01T11:00:00+00:00"


def test_the_prices_of_goods_with_a_refused_row_stay_as_they_are_even_where_the_list_is_replaced(trade, cup, pot):
    set_prices(trade, cup, "1:9", "10:8")
    set_prices(trade, pot, "1:5")

    sent = send(trade, HEADER, f"{sku(cup)},1,cheap", mode=Mode.REPLACE)

    assert counts(sent) == (0, 0, 1, 0, 1)
    assert sent.differences_found.get(outcome="removed").product_ref == pot.pk


def test_prices_that_change_later_already_are_refused(trade, cup, pot):
    set_prices(trade, cup, "1:9")
    later = timezone.now() + timedelta(days=40)
    publish_changes(trade, [SetTier(Target(product_id=cup.pk), D("9.5"))], by=None, takes_effect_at=later)

    sent = send(trade, HEADER, f"{sku(pot)},1,5", mode=Mode.REPLACE)
    assert refusals(sent) == ["None : Its prices are changed by a later revision already: undo that one first."]
    assert counts(sent) == (1, 0, 0, 0, 1)
    after = send(trade, HEADER, f"{sku(cup)},1,8", takes_effect_at=later + timedelta(days=1))
    assert counts(after) == (0, 1, 0, 0, 0)


def test_decimal_commas_are_read_where_somebody_says_so(trade, cup):
    sent = send(trade, "sku;value", f"{sku(cup)};9,50", decimal_mark=",")
    assert sent.differences_found.get().value == D("9.5")
    assert refusals(send(trade, "sku;value", f"{sku(cup)};9.50", decimal_mark=",")) == [
        "2 value: “9.50” is not a number such as 1234,50."
    ]


@pytest.mark.parametrize(
    "row",
    [
        b"\xff\xfe,1,5",
        b"A\x00B,1,5",
        b"A\x1b[31m,1,5",
        b"\xef\xbf\xbe,1,5",
        b"A,\xd9\xa1,5",
        b"A,1e9,5",
        b"A,99999999999999999999,5",
        b"A,1,\xff",
        b"A,1,1e5",
        b"A,1,NaN",
        b"A,1,5\x00",
        b"A,1,.",
        b'A,1,"5\n6"',
        b"A" * 5_000 + b",1,5",
    ],
)
def test_hostile_cells_are_refused_and_never_break(trade, cup, row, tmp_path):
    content = b"sku,from_quantity,value\n" + row.replace(b"A,", sku(cup).encode() + b",") + b"\n"
    sent = actions.compare(actions.receive(trade, [content], name="x.csv", by=None))

    assert (sent.state, counts(sent)) == ("compared", (0, 0, 0, 0, 1))
    assert all(reason.count(": ") and "\x1b" not in reason for reason in refusals(sent))
    exports.write_refused_rows(sent, tmp_path / "refused.csv")
    assert len((tmp_path / "refused.csv").read_bytes().splitlines()) >= 2


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["name,value"], 'there is no use for the column "name"; the known ones are sku, category'),
        (["sku,price"], 'there is no use for the column "price"'),
        (["value"], 'there is no column "sku"'),
        (["sku,from_quantity"], 'there is no column "value"'),
        (["sku,value" + ",sku" * 300_000], 'there is more than one column "sku"'),
        (["sku,value,Value"], 'there is more than one column "value"'),
        (["sku,value", 'A,"5', "B,6"], "a quote opens in this row"),
        ([""], "the file is empty"),
    ],
)
def test_a_file_that_is_no_price_file_is_refused_as_a_whole(trade, lines, why):
    sent = send(trade, *lines)

    assert sent.state == State.REFUSED
    assert why in sent.fault
    assert not sent.differences_found.exists()


def test_a_file_is_kept_in_pieces_with_its_digest_and_old_ones_go(trade, cup):
    sent = actions.receive(trade, [b"sku,val", b"ue\nX,1\n"], name="x" * 300, by=None)
    assert (sent.size, sent.parts.count(), len(sent.name)) == (14, 2, 200)
    assert sent.digest == sha256(b"sku,value\nX,1\n").hexdigest()

    actions.withdraw(actions.compare(sent), by=None)
    PriceFile.objects.update(seen_at=timezone.now() - timedelta(days=31))
    send(trade, HEADER, f"{sku(cup)},1,5")

    assert not PriceFile.objects.filter(pk=sent.pk).exists()
    assert PriceFilePart.objects.count() == 1


def test_a_second_file_waits_until_the_first_is_compared(trade, cup):
    first = actions.receive(trade, [b"sku,value\n"], name="a.csv", by=None)

    with pytest.raises(PriceFileRefused, match="wait until it is done"):
        actions.receive(trade, [b"sku,value\n"], name="b.csv", by=None)
    actions.compare(first)
    assert send(trade, HEADER, f"{sku(cup)},1,5").state == State.COMPARED


def test_the_file_of_a_worker_that_died_holds_up_nobody_and_starts_again(trade, cup):
    first = actions.receive(trade, [b"sku,value\n", f"{sku(cup)},5\n".encode()], name="a.csv", by=None)
    with pytest.raises(PriceFileRefused):
        actions.compare_again(first, by=None)
    PriceFile.objects.update(seen_at=timezone.now() - timedelta(minutes=6))

    assert PriceFile.objects.get().has_fallen_silent
    actions.receive(trade, [b"sku,value\n"], name="b.csv", by=None)
    assert counts(actions.compare(actions.compare_again(first, by=None))) == (1, 0, 0, 0, 0)


def test_what_is_compared_twice_is_noted_once(trade, cup):
    sent = send(trade, HEADER, f"{sku(cup)},1,5")
    again = actions.compare(actions.compare_again(sent, by=None))

    assert (counts(again), again.differences_found.count()) == ((1, 0, 0, 0, 0), 1)


def test_many_rows_are_compared_in_as_many_queries_as_few(trade):
    taken = []
    for number in (2, 40):
        lines = [f"{sku(a_product(f'Cup {n}'))},1,5" for n in range(number)]
        with counted_queries() as queries:
            send(trade, HEADER, *lines)
        taken.append(len(queries))

    assert taken[0] == taken[1]


# The stranger


def test_another_merchant_s_list_is_unknown_and_so_are_its_goods(trade, cup, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp")
        with pytest.raises(UnknownPriceList):
            actions.receive(trade, [b"sku,value\n"], name="x.csv", by=None)
        their_sku = sku(theirs)

    sent = send(trade, HEADER, f"{their_sku},1,5", f"id:{theirs.pk},1,5")
    assert refusals(sent) == [
        "2 sku: There is no such product or category.",
        "3 sku: There is no such product or category.",
    ]
    with merchant_scope(lumen.pk):
        assert not PriceFile.objects.exists()
        with pytest.raises(PriceFileRefused, match="no such file"):
            actions.compare_again(sent, by=None)
    assert not PriceTier.objects.exists()
