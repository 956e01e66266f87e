"""What each page of the checkout costs does not depend on how much is in the basket."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.checkout.shopper import ADDRESS, Shopper
from tests.goods import a_parent, a_product
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db

STEPS = [
    ("index", "get", None, 15),
    ("shipping-address", "get", None, 21),
    ("shipping-address", "post", ADDRESS, 17),
    ("shipping-method", "get", None, 19),
    ("payment-details", "get", None, 23),
    ("payment-details", "post", {"payment": "bank_transfer"}, 23),
    ("preview", "get", None, 23),
    ("preview", "post", None, 50),
    ("thank-you", "get", None, 25),
]


def statements(queries):
    """But for those that open, name and close the scope."""
    return [q["sql"] for q in queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]


def walk(shopper):
    """The steps and how many statements each took."""
    for page, method, data, _ in STEPS:
        if page == "preview" and method == "post":
            data = {"agreed": shopper.agreed()}
        with CaptureQueriesContext(connection) as queries:
            arguments = {"data": data} if data else {}
            answer = getattr(shopper.client, method)(f"/checkout/{'' if page == 'index' else page + '/'}", **arguments)
        assert answer.status_code in (200, 302), (page, method, answer)
        yield page, method, len(statements(queries))


def fill(shopper, store, lines):
    for n in range(lines - 1):
        shopper.add(a_product(f"Cup {n}", store))
    parent = a_parent("Shirt", store, variants={"S": "10", "M": "11"})
    shopper.post("basket:add", {"quantity": 1, "child_id": parent.children.first().pk}, kwargs={"pk": parent.pk})
    shopper.come_as_guest()


@pytest.mark.parametrize("who", ["guest", "buyer"])
def test_no_step_asks_more_for_ten_lines_than_for_five(aurora_store, who):
    open_for_trade(aurora_store)
    counts = []
    for n, lines in enumerate((1, 5, 10)):
        buyer = a_buyer(f"buyer{n}@example.com") if who == "buyer" else None
        shopper = Shopper(aurora_store, signed_in_as=buyer)
        fill(shopper, aurora_store, lines)
        counts.append(list(walk(shopper)))

    assert counts[2] == counts[1]
    limits = [limit for *_, limit in STEPS]
    assert [step for step, limit in zip(counts[2], limits, strict=True) if step[2] > limit] == []
