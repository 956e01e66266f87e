"""Kill an installation that is full of shoppers, again and again at random moments, and look what it has lost.

    python -m tests.faults [--seed N] [--count N]

Prints a Markdown table; exits with 1 where something was lost, done twice or does not add up, or where the shop took
longer than half a minute to serve again.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.installation import HOST, Database, Installation, running

PIECES, PRODUCTS, SHOPPERS = 100_000, 5, 4
WELL_WITHIN_S, PAID_WITHIN_S, QUIET_WITHIN_S = 30, 120, 180
BETWEEN_S = (0.3, 2.5)
"""Between the shop's being well and the next kill."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100, help="kills")
    wishes = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stoa-faults-") as name:
        folder = Path(name)
        database = Database(folder)
        os.environ |= {"DATABASE_URL": database.urls.runtime, "DATABASE_OWNER_URL": database.urls.owner}
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
        import django

        django.setup()
        return run(folder, database, wishes.seed, wishes.count)


def run(folder: Path, database: Database, seed: int, count: int) -> int:
    from tests.config.test_draining import wait_until
    from tests.messages.smtp import mail_server

    with a_shop() as (merchant_id, products, environ), mail_server() as mail:
        with running(folder, database, environ, mail_port=mail.port) as installation:
            hear_webhooks_at(installation.port, merchant_id)
            from .shoppers import Crowd

            is_well = probe(installation)
            wait_until(is_well)
            crowd = Crowd(installation.port, products, at_once=SHOPPERS, seed=seed)
            waits = list(shoot(installation, random.Random(seed), count, is_well))
            wait_until(lambda: installation.revive() or crowd.has_paid(), PAID_WITHIN_S)
            crowd.end()
            wait_until(settling(installation, merchant_id), QUIET_WITHIN_S)
        return report(merchant_id, installation, crowd, waits, mail.taken, seed)


@contextmanager
def a_shop() -> Iterator[tuple[int, list[int], dict[str, str]]]:
    """A merchant with goods, whose store is paid by transfer and by the test gateway; how to reach its database."""
    from django.conf import settings
    from django.db import connection

    from shop.partner.models import StockRecord
    from shop.payments.actions import offer_method
    from shop.prover.scratch import owner_session, scratch_database
    from shop.stores.actions import NewStore, open_merchant, open_store
    from shop.stores.models import Store
    from shop.stores.scope import merchant_scope
    from shop.testgateway.signing import webhook_secret
    from tests.config.test_draining import as_in_production
    from tests.goods import a_product
    from tests.trade import open_for_trade

    with scratch_database() as name:
        with owner_session() as owner:
            owner.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = on')  # what is committed is kept
        merchant = open_merchant("Faults", slug="faults")
        with merchant_scope(merchant.pk):
            store = open_for_trade(open_store(NewStore(name="Faults", slug="faults", host=HOST)))
            Store.objects.update(asks_cookie_consent=False)
            key = "sk_test_faults"
            details = {"secret_key": key, "webhook_secret": webhook_secret(key)}
            offer_method(store, "test_gateway", details=details, position=2)
            products = [a_product(f"Product {number}", store).pk for number in range(PRODUCTS)]
            StockRecord.objects.update(num_in_stock=PIECES)
        connection.close()
        yield merchant.pk, products, as_in_production(SEALING_KEYS=",".join(settings.SEALING_KEYS))
        connection.close()


def hear_webhooks_at(port: int, merchant_id: int) -> None:
    """The gateway calls the store at the address that it has by now."""
    from django.db import connection
    from wagtail.models import Site

    from shop.stores.scope import merchant_scope

    with merchant_scope(merchant_id):
        Site.objects.filter(hostname=HOST).update(port=port)
    connection.close()


def probe(installation: Installation) -> Callable[[], bool]:
    """Whether the shop serves its first page, from a process that is there."""
    import requests

    def is_well() -> bool:
        headers = {"Host": f"{HOST}:{installation.port}", "X-Forwarded-Proto": "https"}
        try:
            return requests.get(f"http://127.0.0.1:{installation.port}/", headers=headers, timeout=10).ok
        except requests.RequestException:
            return False

    return is_well


def shoot(
    installation: Installation, dice: random.Random, count: int, is_well: Callable[[], bool]
) -> Iterator[tuple[str, float]]:
    """Kill, start again, and see how long the shop is away: the victim, and seconds."""
    from tests.config.test_draining import wait_until

    for _ in range(count):
        time.sleep(dice.uniform(*BETWEEN_S))
        victim = dice.choice(Installation.VICTIMS)
        began = time.monotonic()
        installation.kill(victim, dice)
        wait_until(lambda: installation.revive() or is_well(), 2 * WELL_WITHIN_S)
        yield victim, time.monotonic() - began


def settling(installation: Installation, merchant_id: int) -> Callable[[], bool]:
    """Whether all is quiet, each payment that a buyer left has been looked at once more, and the dead are alive."""
    from django.db import connection

    from shop.stores.scope import merchant_scope

    from . import judgement

    def is_settled() -> bool:
        time.sleep(1)
        installation.revive()
        with merchant_scope(merchant_id):
            is_quiet = judgement.is_quiet()
            if not is_quiet:
                judgement.hurry()
        connection.close()
        return is_quiet

    with merchant_scope(merchant_id):
        judgement.look_at_all()
    connection.close()
    return is_settled


def report(merchant_id: int, installation: Installation, crowd, waits, mails: list[str], seed: int) -> int:
    """Print what happened; 1 where something is wrong."""
    from shop.messages.models import Message
    from shop.order.models import Order
    from shop.order.statuses import OrderStatus
    from shop.payments.gateways.models import GatewayPayment
    from shop.stores.scope import merchant_scope

    from . import judgement

    with merchant_scope(merchant_id):
        wrongs = list(judgement.wrongs(crowd.told, installation.books, mails))
        orders, cancelled = Order.objects.count(), Order.objects.filter(status=OrderStatus.CANCELLED).count()
        paid, messages = GatewayPayment.objects.filter(status="succeeded").count(), Message.objects.count()
    slow = [wait for _, wait in waits if wait > WELL_WITHIN_S]
    print(f"Seed {seed}: {orders} orders placed, {paid} paid by the gateway, {cancelled} cancelled, {messages} mails;")
    print(f"{crowd.gave_up} buyers gave up.\n\n| killed | times | longest until served again |\n|---|---|---|")
    for victim in Installation.VICTIMS:
        times = [wait for name, wait in waits if name == victim]
        print(f"| {victim} | {len(times)} | {f'{max(times):.1f} s' if times else ''} |")
    for wrong in wrongs:
        print(f"WRONG: {wrong}")
    return 1 if wrongs or slow else 0


if __name__ == "__main__":
    sys.exit(main())
