"""Price files, as somebody sends them."""

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.pricefiles import actions
from shop.pricefiles.models import PriceFile, PriceFileRow
from shop.pricefiles.refusals import sentence
from shop.pricefiles.states import Mode, Outcome
from shop.pricing.models import PriceList

HEADER = "sku,from_quantity,value"


def sku(product: Product) -> str:
    return product.stockrecords.get().partner_sku


def send(
    price_list: PriceList, *lines: str, by: User | None = None, mode: Mode = Mode.CHANGE, **fields: object
) -> PriceFile:
    """A file of these lines under its header, compared with the list."""
    content = "\n".join(lines).encode() + b"\n"
    return actions.compare(actions.receive(price_list, [content], name="prices.csv", by=by, mode=mode, **fields))


def publish(price_file: PriceFile, *, by: User | None = None, **fields: object) -> PriceFile:
    return actions.publish(actions.sign_off(price_file, by=by, **fields))


def counts(price_file: PriceFile) -> tuple[int, int, int, int, int]:
    """Added, changed, taken out, unchanged and refused."""
    of = price_file
    return of.added, of.changed, of.removed, of.unchanged, of.refused


def refusals(price_file: PriceFile) -> list[str]:
    rows = PriceFileRow.objects.filter(price_file=price_file, outcome=Outcome.REFUSED).in_order_of_lines()
    return [f"{row.line} {row.column}: {sentence(row.reason, row.words)}" for row in rows]


def tiers(price_list: PriceList) -> set[tuple]:
    """The list as it is."""
    return set(price_list.tiers.current().values_list("product", "category", "min_quantity", "kind", "value", "floor"))
