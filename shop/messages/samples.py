"""What the variables of templates hold in a preview for which no real order was named."""

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.pricing.formats import money
from shop.stores.models import Store

from .parts import Paragraph, Row, Span, Table, Value, titled

NUMBER = "SAMPLE-7K3M9QXV4"


def shop_link(store: Store) -> str:
    return f"{store.origin}/"


def name(store: Store) -> str:
    return "Ada Byron"


def number(store: Store) -> str:
    return NUMBER


def day(store: Store) -> str:
    return date_format(date.today())


def total(store: Store) -> str:
    return _amount(store, "94.90")


def part(store: Store) -> str:
    return _amount(store, "24.95")


def rest(store: Store) -> str:
    return _amount(store, "69.95")


def order_table(store: Store) -> Value:
    rows = [
        Row("2 × " + _("A product with a rather long name, as many have"), _amount(store, "49.90")),
        Row("1 × " + _("Another product"), _amount(store, "40.00")),
        Row(_("Delivery"), _amount(store, "5.00")),
        Row(_("Total"), _amount(store, "94.90"), is_strong=True),
    ]
    return (Table(tuple(rows)),)


def how_to_pay(store: Store) -> Value:
    rows = (Row("IBAN", "GB29 NWBK 6016 1331 9268 19"), Row(_("Reference"), NUMBER))
    return (titled(_("How to pay"), _("Please transfer the total.")), Table(rows))


def address(store: Store) -> Value:
    return (titled(_("Delivery address"), "Ada Byron", "1 Canal Street", "London N1 9GU"),)


def pieces(store: Store) -> Value:
    return (Paragraph(((Span("1 × " + _("Another product")),),)),)


def carrier(store: Store) -> str:
    return "Royal Mail"


def tracking_number(store: Store) -> str:
    return "AB123456789GB"


def title(store: Store) -> str:
    return _("Another product")


def on_credit(store: Store) -> str:
    return ""


def few_left(store: Store) -> str:
    return "×"


def _amount(store: Store, amount: str) -> str:
    return money(Decimal(amount), store.currency)
