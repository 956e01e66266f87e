"""Two who bring a store the same new words at once do not wait for each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import OperationalError, connection

from shop.catalogue.models import Product
from shop.prover.scratch import owner_session
from shop.search.criteria import Criteria
from shop.search.models import Word
from shop.search.postgresql.spelling import meant
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product

pytestmark = pytest.mark.data

UNIQUE = "CREATE UNIQUE INDEX once ON search_word (store_id, word)"


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            for title in ("Cup", "Bowl"):
                a_product(title, Store.objects.get())
        yield merchant_id


def rename_at_once(merchant_id: int) -> str:
    """What becomes of a second who brings the word that a first has brought and not yet committed."""
    is_brought, is_over = Event(), Event()

    def first() -> None:
        with merchant_scope(merchant_id):
            Product.objects.filter(title="Cup").update(title="Zebra")
            is_brought.set()
            is_over.wait(30)
        connection.close()

    def second() -> str:
        is_brought.wait(30)
        try:
            with merchant_scope(merchant_id), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                Product.objects.filter(title="Bowl").update(title="Zebra")
        except OperationalError:
            return "waited"
        finally:
            is_over.set()
            connection.close()
        return "went on"

    with ThreadPoolExecutor(2) as threads:
        brought, then = threads.submit(first), threads.submit(second)
        brought.result()
        return then.result()


def test_nobody_waits_for_anothers_words_and_one_that_is_there_twice_is_proposed_once(merchant_id):
    assert rename_at_once(merchant_id) == "went on"

    with merchant_scope(merchant_id):
        store = Store.objects.get()
        assert Word.objects.filter(word="zebra").count() == 2
        assert meant(Criteria(store.pk, store.language, "zerba")) == "zebra"


def test_a_unique_word_would_make_the_second_wait(merchant_id, own_database):
    with owner_session(own_database) as owner:
        owner.execute(UNIQUE)

    assert rename_at_once(merchant_id) == "waited"
