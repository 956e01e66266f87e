"""Whatever changes, in whichever order: each buyer's next view in either of two processes is as one that nothing is
remembered for, in a third. `CHANGES=1000` draws more of them."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import unified_diff
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from shop.catalogue.models import Product
from shop.versions.moves import memory_of
from tests.pagecache.conftest import HOST, Shop, forget, known, shown
from tests.pagecache.random_changes import CHANGES
from tests.pricing.trade import a_buyer_of, a_company

pytestmark = [pytest.mark.data, pytest.mark.long]

MANY = int(os.environ.get("CHANGES", "40"))
VIEWS_OF_EACH = 5
NOWHERE = Path("/nonexistent")
Seen = tuple[int, str]


@dataclass(frozen=True)
class Worker:
    """A process that answers what it is asked."""

    questions: Connection

    def see(self, path: str, cookies: dict[str, str]) -> Seen:
        self.questions.send((path, cookies))
        return self.questions.recv()


def answer(questions: Connection, remembers: bool) -> None:
    forget()
    if not remembers:
        settings.PAGE_CACHE, settings.VERSIONS = False, NOWHERE
        memory_of.cache_clear()
    while asked := questions.recv():
        path, cookies = asked
        if not remembers:
            forget()
        client = Client(headers={"host": HOST})
        client.cookies.load(cookies)
        response = client.get(path)
        questions.send((response.status_code, shown(response) or response.get("Location", "")))


@pytest.fixture
def begin(shop: Shop) -> Iterator[Callable[[bool], Worker]]:
    begun: list[Any] = []

    def begun_now(remembers: bool) -> Worker:
        connection.close()
        here, there = get_context("fork").Pipe()
        process = get_context("fork").Process(target=answer, args=(there, remembers), daemon=True)
        process.start()
        begun.append((process, here))
        return Worker(here)

    yield begun_now
    for process, questions in begun:
        questions.send(None)
        process.join()


def cookies_of(shop: Shop) -> dict[str, dict[str, str]]:
    """Of buyers of each kind."""
    with shop.within():
        emails = [a_buyer_of(a_company(f"R-{number}"), f"r{number}@example.com").email for number in (1, 2)]
        bowl = Product.objects.get(title="Bowl").pk
    visitors = {"guest": shop.visitor(), "account": shop.visitor("rita@example.com")}
    visitors |= {email: known(shop, email) for email in emails}
    for visitor in visitors.values():
        visitor.client.post(f"/basket/add/{bowl}/", {"quantity": 1})
        visitor.look("/")  # which shows the message
    found = {name: {key: each.value for key, each in v.client.cookies.items()} for name, v in visitors.items()}
    return found | {"anonymous": {}, "euro": {"currency": "EUR"}}


@pytest.mark.parametrize("seed", [1])
def test_each_buyers_next_view_is_as_one_that_nothing_is_remembered_for(shop, addresses, begin, seed):
    dice, cookies = Random(seed), cookies_of(shop)
    paths = [*addresses.values(), "/catalogue/?stock=1", "/search/?q=PN-1", "/search/suggest/?q=cu"]
    workers, truth = [begin(True), begin(True)], begin(False)

    for number in range(MANY):
        views = [(dice.choice(list(cookies)), dice.choice(paths)) for _ in range(VIEWS_OF_EACH)]
        for worker in workers:
            for buyer, path in views:
                worker.see(path, cookies[buyer])
        change = dice.choice(CHANGES)
        with shop.within():
            change(dice)
        for worker in workers:
            for buyer, path in views:
                told = f"seed {seed}, change {number}, {change.__name__}: {buyer} at {path}"
                assert_same(worker, truth, path, cookies[buyer], told)


def assert_same(worker: Worker, truth: Worker, path: str, cookies: dict[str, str], told: str) -> None:
    """Between two questions a moment may have come at which it is another: then both say so when asked once more."""
    seen, right = worker.see(path, cookies), truth.see(path, cookies)
    if seen != right:
        time.sleep(0.05)
        seen, right = worker.see(path, cookies), truth.see(path, cookies)
    assert seen == right, "\n".join([told, *unified_diff(seen[1].splitlines(), right[1].splitlines(), n=0)])
