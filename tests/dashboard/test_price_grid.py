"""The prices of a list in the dashboard: looked through, changed many at once, previewed and published."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.pricing.actions import change_terms, publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.dashboard import goods, grid
from shop.pricing.models import PriceList, PriceTier, Revision
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def manager(browser_of):
    return browser_of("catalogue")


@pytest.fixture
def trade(world) -> SimpleNamespace:
    """A list with a cup at 9, at 8 from ten pieces on, and a plate at 4."""
    trade, cup, plate = a_list("trade"), a_product("Cup"), a_product("Plate")
    set_prices(trade, cup, "1:9", "10:8")
    set_prices(trade, plate, "1:4")
    return SimpleNamespace(list=trade, cup=cup, plate=plate, path=f"/dashboard/prices/{trade.pk}/prices/")


def sku(product) -> str:
    return product.stockrecords.get().partner_sku


def opened(browser, path: str) -> dict[str, str]:
    """What a browser would send of the page as it is."""
    page = browser.get(path)
    assert page.status_code == 200
    context = page.context
    grid = context["grid"]
    rungs = [rung for group in grid.groups for rung in group.rungs] + grid.new
    fields = [field for rung in rungs for field in rung] + list(context["publishing"])
    sent = {field.html_name: field.as_hidden().partition('value="')[2].partition('"')[0] for field in fields}
    sent = {name: value for name, value in sent.items() if not name.endswith("-drop")}
    return sent | {"seen": str(context["price_list"].last_revision)}


def cell(sent: dict[str, str], product, place: int = 0) -> str:
    """The prefix of a step of a product's ladder; the one behind the last is empty."""
    prefixes = [name.partition("-")[0] for name, value in sent.items() if value == f"p{product.pk}"]
    return prefixes[place]


def new_line(sent: dict[str, str], **fields: str) -> dict[str, str]:
    empty = (name.removesuffix("-name") for name, value in sent.items() if name.endswith("-name") and not value)
    prefix = next(prefix for prefix in empty if not sent[f"{prefix}-target"])
    return sent | {f"{prefix}-{name}": value for name, value in fields.items()}


def prices(price_list: PriceList) -> dict[tuple[str, int], Decimal]:
    tiers = price_list.tiers.current().select_related("product")
    return {(tier.product.title, tier.min_quantity): tier.value for tier in tiers}


def errors(page) -> dict[str, list[str]]:
    """By the names of cells."""
    grid = page.context["grid"]
    rungs = [rung for group in grid.groups for rung in group.rungs] + grid.new
    return {rung[name].html_name: list(said) for rung in rungs for name, said in rung.errors.items()}


def test_several_cells_are_changed_previewed_and_published_at_once(manager, trade):
    sent = opened(manager, trade.path)
    first, second, blank = (cell(sent, trade.cup, place) for place in range(3))
    sent |= {f"{first}-value": "9.90", f"{second}-drop": "on", "note": "Autumn"}
    sent |= {f"{blank}-min_quantity": "50", f"{blank}-value": "7.1234"}

    preview = manager.post(trade.path, sent | {"step": "preview"})
    lines = [(line.min_quantity, line.was, line.becomes, line.change) for line in preview.context["lines"]]
    assert lines == [(1, "£9.00", "£9.90", "+10 %"), (10, "£8.00", "", ""), (50, "", "£7.1234", "−28.8 %")]
    assert prices(trade.list) == {("Cup", 1): D(9), ("Cup", 10): D(8), ("Plate", 1): D(4)}

    carried = dict(preview.context["carried"]) | {"seen": sent["seen"]}
    answer = manager.post(trade.path, carried | {"step": "publish"})
    assert answer["Location"] == trade.path
    assert prices(trade.list) == {("Cup", 1): D("9.9"), ("Cup", 50): D("7.1234"), ("Plate", 1): D(4)}
    revision = Revision.objects.latest("pk")
    assert (revision.note, revision.by.email, revision.number) == ("Autumn", "catalogue-0@aurora.example", 3)


def test_what_was_previewed_can_be_edited_on(manager, trade):
    sent = opened(manager, trade.path)
    first = cell(sent, trade.cup)
    preview = manager.post(trade.path, sent | {f"{first}-value": "9.90", "note": "Autumn", "step": "preview"})

    back = manager.post(trade.path, dict(preview.context["carried"]) | {"seen": sent["seen"], "step": "edit"})

    values = {rung["value"].value() for group in back.context["grid"].groups for rung in group.rungs}
    assert values == {"9.90", D(8), D(4), None}
    assert back.context["publishing"]["note"].value() == "Autumn"
    assert prices(trade.list)["Cup", 1] == D(9)


def test_a_price_is_scheduled_and_shown_as_such(manager, trade):
    sent = opened(manager, trade.path)
    sent |= {f"{cell(sent, trade.cup)}-value": "8.50", "takes_effect_at": "2100-01-01T00:00", "step": "publish"}
    manager.post(trade.path, sent)

    page = manager.get(trade.path).content.decode()
    assert "Revision 3 is scheduled." in page
    assert "from 2100-01-01 00:00" in page
    assert "from 1: £9.00, until 2100-01-01 00:00" in page
    assert trade.list.tiers.in_force(timezone.now()).get(product=trade.cup, min_quantity=1).value == D(9)

    sent = opened(manager, trade.path)
    refused = manager.post(trade.path, sent | {f"{cell(sent, trade.cup)}-value": "7", "step": "publish"})
    assert [*errors(refused).values()] == [["Its prices are changed by a later revision already: undo that one first."]]


@pytest.mark.parametrize(
    ("moment", "reason"),
    [
        ("2020-01-01T00:00", "This moment is past"),
        ("9999-12-31T23:59-10:00", "Choose a year from 2000 to 2999."),
    ],
)
def test_a_moment_that_is_past_or_absurd_is_refused(manager, trade, moment, reason):
    sent = opened(manager, trade.path)
    sent |= {f"{cell(sent, trade.cup)}-value": "8.50", "takes_effect_at": moment, "step": "publish"}

    assert reason in manager.post(trade.path, sent).content.decode()
    assert prices(trade.list)["Cup", 1] == D(9)


def test_products_and_categories_are_added_by_what_they_are_called(manager, trade):
    shirts = Category.add_root(name="Shirts")
    linen = shirts.add_child(name="Linen")
    jug = a_product("Jug")
    sent = new_line(opened(manager, trade.path), name=sku(jug), min_quantity="6", value="3")
    sent = new_line(sent, name="Shirts > Linen", kind="percent", value="12.5", floor="2")

    manager.post(trade.path, sent | {"step": "publish"})

    assert trade.list.tiers.get(product=jug).min_quantity == 6
    tier = trade.list.tiers.get(category=linen)
    assert (tier.kind, tier.value, tier.floor, tier.min_quantity) == ("percent", D("12.5"), D(2), 1)
    shown = manager.get(trade.path).context["grid"].groups
    assert [group.named.title for group in shown] == ["Shirts > Linen", "Cup", "Plate", "Jug"]


def test_a_product_in_variants_is_added_and_found_by_its_code(manager, trade):
    shirt = a_parent("Shirt", variants={"Small": "10"}, code="SHIRTS-7")

    manager.post(trade.path, new_line(opened(manager, trade.path), name="shirts-7", value="9") | {"step": "publish"})

    assert trade.list.tiers.get(product=shirt).value == 9
    (group,) = manager.get(f"{trade.path}?q=shirts-7").context["grid"].groups
    assert (group.named.title, group.named.code) == ("Shirt", "SHIRTS-7")


@pytest.mark.parametrize(
    ("fields", "field", "reason"),
    [
        ({"value": "-1"}, "value", "A price must not be negative."),
        ({"value": "1.23456"}, "value", "A price must not have more than four decimals."),
        ({"value": "1e12"}, "value", "A price of more than 10000000 for one piece is taken for a slip."),
        ({"value": "nine"}, "value", "Enter a number."),
        ({"value": "NaN"}, "value", "Enter a number."),
        ({"value": ""}, "value", "Give a price, or take this one out."),
        ({"value": "7"}, "value", "From 10 pieces on one would cost more than from 1 on."),
        ({"min_quantity": "0"}, "min_quantity", "Ensure this value is greater than or equal to 1."),
        ({"min_quantity": "9999999999999"}, "min_quantity", "Ensure this value is less than or equal to 1000000000."),
        ({"kind": "gift"}, "kind", "Select a valid choice. gift is not one of the available choices."),
        (
            {"valid_from": "2030-02-01T00:00", "valid_until": "2030-01-01T00:00"},
            "valid_until",
            "A price must not end before it starts.",
        ),
        ({"valid_from": "0001-01-01T00:00+10:00"}, "valid_from", "Choose a year from 2000 to 2999."),
        ({"valid_until": "9999-12-31T23:59-10:00"}, "valid_until", "Choose a year from 2000 to 2999."),
    ],
)
def test_each_refusal_stands_at_its_cell_and_nothing_is_changed(manager, trade, fields, field, reason):
    sent = opened(manager, trade.path)
    first, plate = cell(sent, trade.cup), cell(sent, trade.plate)
    sent |= {f"{first}-{name}": value for name, value in fields.items()} | {f"{plate}-value": "3.50"}

    for step in ("preview", "publish"):
        page = manager.post(trade.path, sent | {"step": step})
        found = errors(page)
        assert [said for name, said in found.items() if name.endswith(field)] == [[reason]], found
    assert prices(trade.list) == {("Cup", 1): D(9), ("Cup", 10): D(8), ("Plate", 1): D(4)}


def test_what_nobody_is_called_is_refused_at_its_name(manager, trade):
    a_product("One", upc="X-1")
    Category.add_root(name="Same")
    Category.add_root(name="Other").add_child(name="Same")
    sent = opened(manager, trade.path)
    for name in ("no-such", "Same", "nul\0"):
        sent = new_line(sent, name=name, value="1")

    found = errors(manager.post(trade.path, sent))

    assert [said[-1] for said in found.values()] == [
        "Nothing is called so: give a SKU, or the name of a category.",
        "More than one thing is called so.",
        "Nothing is called so: give a SKU, or the name of a category.",
    ]


def test_a_step_moves_to_another_quantity(manager, trade):
    sent = opened(manager, trade.path)
    manager.post(trade.path, sent | {f"{cell(sent, trade.cup, 1)}-min_quantity": "12", "step": "publish"})

    assert prices(trade.list) == {("Cup", 1): D(9), ("Cup", 12): D(8), ("Plate", 1): D(4)}


def test_moments_that_a_browser_cannot_say_are_not_touched(manager, trade):
    start = timezone.now() + timedelta(days=1)
    publish_changes(trade.list, [SetTier(Target(product_id=trade.plate.pk), D(3), 5, valid_from=start)], by=None)
    sent = opened(manager, trade.path)
    assert manager.post(trade.path, sent)["Location"] == trade.path

    manager.post(trade.path, sent | {f"{cell(sent, trade.plate, 1)}-value": "2", "step": "publish"})

    tier = trade.list.tiers.current().get(product=trade.plate, min_quantity=5)
    assert (tier.value, tier.valid_from) == (D(2), start)


def test_the_second_of_two_is_told_and_overwrites_nothing(manager, trade, browser_of):
    mine, theirs = opened(manager, trade.path), opened(manager, trade.path)
    manager.post(trade.path, theirs | {f"{cell(theirs, trade.cup)}-value": "8.80", "step": "publish", "note": "Theirs"})

    mine |= {f"{cell(mine, trade.cup)}-value": "8.70", f"{cell(mine, trade.plate)}-value": "3", "step": "publish"}
    told = manager.post(trade.path, mine)

    page = told.content.decode()
    assert "Somebody has changed this list since you opened it" in page
    assert "Theirs" in page
    assert "now £8.80" in page
    assert prices(trade.list) == {("Cup", 1): D("8.8"), ("Cup", 10): D(8), ("Plate", 1): D(4)}
    assert told.context["price_list"].last_revision == 3

    manager.post(trade.path, mine | {"seen": "3"})
    assert prices(trade.list) == {("Cup", 1): D("8.7"), ("Cup", 10): D(8), ("Plate", 1): D(3)}


def test_what_only_others_touched_stays_as_they_made_it(manager, trade):
    mine = opened(manager, trade.path)
    set_prices(trade.list, trade.cup, "1:8.80")

    told = manager.post(trade.path, mine | {f"{cell(mine, trade.plate)}-value": "3", "step": "preview"})
    assert {rung["value"].value() for rung in told.context["grid"].groups[0].rungs} == {D("8.8"), D(8), None}
    manager.post(trade.path, mine | {f"{cell(mine, trade.plate)}-value": "3", "step": "publish", "seen": "3"})

    assert prices(trade.list) == {("Cup", 1): D("8.8"), ("Cup", 10): D(8), ("Plate", 1): D(3)}


def test_terms_that_were_changed_meanwhile_are_told_too(manager, trade):
    mine = opened(manager, trade.path)
    change_terms(trade.list, by=None, priority=5)

    told = manager.post(trade.path, mine | {f"{cell(mine, trade.plate)}-value": "3", "step": "publish"})
    assert "No prices: terms or quantities." in told.content.decode()


@pytest.mark.parametrize("words", ["", "step=publish", "seen=x&r1-value=5", "r1-tier=99999999999999999999&r1-value=1"])
def test_nonsense_changes_nothing(manager, trade, words):
    kind = "application/x-www-form-urlencoded"

    assert manager.post(trade.path, words, content_type=kind).status_code in (200, 302)
    assert manager.get(f"{trade.path}?after=p99x&q=%00").status_code == 200
    assert PriceTier.objects.count() == 3


def test_more_lines_than_a_page_has_are_sent_to_the_import(manager, trade, monkeypatch):
    monkeypatch.setattr(grid, "MOST_SENT", 2)

    answer = manager.post(trade.path, opened(manager, trade.path), follow=True)
    assert "import a file instead" in answer.content.decode()


def titles(browser, path: str) -> list[str]:
    return [group.named.title for group in browser.get(path).context["grid"].groups]


def test_prices_are_found_by_sku_title_and_category(manager, trade):
    shirt = a_parent("Shirt", variants={"Small": "10", "Large": "12"})
    tops = Category.add_root(name="Tops")
    shirt.categories.add(tops)
    small = shirt.children.get(title="Small")
    set_prices(trade.list, small, "1:9")
    publish_changes(trade.list, [SetTier(Target(category_id=tops.pk), D(5))], by=None)

    assert titles(manager, f"{trade.path}?q=cup") == ["Cup"]
    assert titles(manager, f"{trade.path}?q={sku(trade.plate)}") == ["Plate"]
    assert titles(manager, f"{trade.path}?q=shirt") == ["Shirt, Small"]
    assert titles(manager, f"{trade.path}?q=tops") == ["Tops", "Shirt, Small"]
    assert titles(manager, f"{trade.path}?q=nothing") == []


def test_pages_follow_one_another_and_leave_nothing_out(manager, trade, monkeypatch):
    monkeypatch.setattr(goods, "PAGE_SIZE", 2)
    tops = Category.add_root(name="Tops")
    publish_changes(trade.list, [SetTier(Target(category_id=tops.pk), D(5))], by=None)
    set_prices(trade.list, a_product("Jug"), "1:9")

    first = manager.get(trade.path)
    second = f"{trade.path}?after={first.context['grid'].next}"
    assert [group.named.title for group in first.context["grid"].groups] == ["Tops", "Cup"]
    assert titles(manager, second) == ["Plate", "Jug"]
    assert manager.get(second).context["grid"].next == ""


def test_long_ladders_make_pages_of_fewer_products(manager, trade, monkeypatch):
    monkeypatch.setattr(grid, "MOST_RUNGS", 4)

    first = manager.get(trade.path).context["grid"]
    assert [group.named.title for group in first.groups] == ["Cup"]
    assert titles(manager, f"{trade.path}?after={first.next}") == ["Plate"]


def test_twice_as_many_prices_ask_as_often(manager, trade):
    manager.get(trade.path)
    with CaptureQueriesContext(connection) as few:
        manager.get(trade.path)
    for number in range(6):
        set_prices(trade.list, a_product(f"Thing {number}"), "1:9", "10:8", "20:7")
    with CaptureQueriesContext(connection) as many:
        manager.get(trade.path)
    assert len(many) == len(few)

    def preview(titles: list[str]) -> int:
        sent = opened(manager, trade.path)
        for product in Product.objects.filter(title__in=titles):
            sent[f"{cell(sent, product)}-value"] = "9.5"
        with CaptureQueriesContext(connection) as queries:
            assert manager.post(trade.path, sent | {"step": "preview"}).status_code == 200
        return len(queries)

    assert preview(["Thing 1"]) == preview(["Thing 1", "Thing 2", "Thing 3", "Thing 4"])


def test_an_analyst_looks_and_changes_nothing(browser_of, trade):
    analyst = browser_of("analyst")
    sent = opened(analyst, trade.path)

    page = analyst.get(trade.path).content.decode()
    assert "<fieldset disabled>" in page
    assert analyst.post(trade.path, sent | {f"{cell(sent, trade.cup)}-value": "1"}).status_code == 403


# The stranger


def test_goods_and_tiers_of_another_merchant_can_not_be_named(manager, trade, lumen):
    with merchant_scope(lumen.pk):
        theirs, lamp = a_list("theirs", currency="EUR"), a_product("Lamp", upc="LAMP-1")
        set_prices(theirs, lamp, "1:9")
        tier = theirs.tiers.get()
    sent = opened(manager, trade.path)
    row = {"r900-tier": tier.pk, "r900-target": f"p{lamp.pk}", "r900-value": "1", "r900-min_quantity": "1"}

    assert manager.get(f"/dashboard/prices/{theirs.pk}/prices/").status_code == 404
    by_id = manager.post(trade.path, sent | row | {"step": "publish"})
    assert by_id.status_code == 200
    assert "Lamp" not in by_id.content.decode()
    by_name = manager.post(trade.path, new_line(sent, name="LAMP-1", value="1") | {"step": "publish"})
    assert "Nothing is called so" in by_name.content.decode()
    assert len(prices(trade.list)) == 3
    with merchant_scope(lumen.pk):
        assert theirs.tiers.current().get().value == D(9)
