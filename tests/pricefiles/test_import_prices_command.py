"""`import_prices`: what it prints, what it writes, and how it ends."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shop.pricefiles.models import PriceFile
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pricing.trade import a_list

from .files import sku, tiers

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def world(aurora):
    """A list and a cup, outside of any scope, as a command finds them."""
    with merchant_scope(aurora.pk):
        trade, cup = a_list("trade"), a_product("Cup")
        return trade, cup, sku(cup)


def run(tmp_path: Path, *lines: str, code: str = "trade", **options: object) -> tuple[str, str]:
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(lines) + "\n")
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_prices", str(path), list=code, stdout=out, stderr=err, **options)
    except CommandError as error:
        return out.getvalue(), f"{err.getvalue()}{error} ({error.returncode})"
    return out.getvalue(), err.getvalue()


def test_it_publishes_and_says_what(world, aurora, tmp_path):
    trade, cup, number = world

    out, err = run(tmp_path, "sku,value", f"{number},9")

    assert err == ""
    assert "          1 added" in out
    assert "Published as revision 1 of trade." in out
    with merchant_scope(aurora.pk):
        assert {tier[0] for tier in tiers(trade)} == {cup.pk}


def test_a_dry_run_says_the_same_and_leaves_nothing(world, aurora, tmp_path):
    trade, _, number = world

    out, _ = run(tmp_path, "sku,value", f"{number},9", dry_run=True)

    assert "          1 added" in out
    assert "Nothing was changed." in out
    with merchant_scope(aurora.pk):
        assert (tiers(trade), PriceFile.objects.count()) == (set(), 0)


def test_refused_rows_are_listed_and_keep_the_rest_out(world, aurora, tmp_path):
    trade, _, number = world
    lines = ("sku,value", f"{number},9", "NOPE,1")

    _, err = run(tmp_path, *lines)
    assert "line 3, sku: There is no such product or category." in err
    assert "Nothing was changed: mend them, or publish the rest by --skip-refused. (3)" in err
    with merchant_scope(aurora.pk):
        assert tiers(trade) == set()

    out, _ = run(tmp_path, *lines, skip_refused=True)
    assert "Published as revision 1" in out


@pytest.mark.parametrize(
    ("code", "lines", "why"),
    [
        ("nope", ["sku,value"], "There is no price list “nope”. (1)"),
        ("trade", ["sku,price"], 'there is no use for the column "price"'),
    ],
)
def test_what_can_not_be_read_is_said_in_one_sentence(world, tmp_path, code, lines, why):
    assert why in run(tmp_path, *lines, code=code)[1]


def test_a_file_that_is_not_there_is_said_so(world):
    with pytest.raises(CommandError, match="can't be opened"):
        call_command("import_prices", "/nowhere.csv", list="trade")


def test_a_list_that_two_merchants_have_is_asked_for_by_merchant(world, lumen, tmp_path):
    with merchant_scope(lumen.pk):
        a_list("trade")
        theirs = sku(a_product("Lamp"))

    assert "name one by --merchant" in run(tmp_path, "sku,value", f"{theirs},9")[1]
    assert "Published as revision 1" in run(tmp_path, "sku,value", f"{theirs},9", merchant="lumen")[0]
    assert "There is no such product" in run(tmp_path, "sku,value", f"{theirs},9", merchant="aurora")[1]
