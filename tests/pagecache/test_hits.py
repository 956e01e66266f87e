"""Pages that are kept: who gets them, how, and until when."""

import pickle
from concurrent.futures import ThreadPoolExecutor
from fcntl import LOCK_EX, LOCK_NB, flock
from threading import Barrier, Event

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from redis import Redis

from shop.analytics.models import ProductRecord
from shop.attribution.visits import COOKIE as VISIT
from shop.catalogue.models import Product
from shop.pagecache.metrics import PAGES
from shop.pagecache.shelves import Shelf, shelves
from shop.partner.models import StockRecord
from shop.search.views import CatalogueView
from shop.stores.caching import QuietRedisCache
from shop.stores.models import Store
from shop.versions.memory import Memory
from shop.versions.moves import current_memory
from tests.pagecache.conftest import shown
from tests.trade import a_buyer


@pytest.mark.parametrize("name", ["home", "catalogue", "category", "product", "variants", "search", "sorted", "text"])
@pytest.mark.parametrize("email", [None, "grace@example.com"], ids=["guest", "signed in"])
def test_the_second_view_asks_the_database_nothing_and_is_the_same(shop, addresses, name, email):
    visitor = shop.visitor(email and f"{name.replace(' ', '.')}.{email}")
    first = visitor.page(addresses[name])

    with CaptureQueriesContext(connection) as asked:
        second = visitor.page(addresses[name])

    assert len(asked) == 0
    assert second == first
    assert visitor.result(addresses[name]) == "hit"


def test_a_request_that_is_done_holds_neither_its_page_nor_all_versions(shop, addresses):
    """Python frees requests late: what they hold once filled 20 MB of each process."""
    request = shop.visitor().client.get(addresses["catalogue"]).wsgi_request

    assert not hasattr(request, "made_page")
    with pytest.raises(ValueError, match="released"):
        request.versions[0]


def test_what_one_made_another_gets(shop, addresses):
    shop.visitor().page(addresses["catalogue"])
    other = shop.visitor("ida@example.com")
    other.page(addresses["text"])  # so the visitor is known

    assert shop.visitor().result(addresses["catalogue"]) == "hit"
    assert other.result(addresses["catalogue"]) == "made"  # to who has signed in it is another
    assert other.result(addresses["catalogue"]) == "hit"


def test_a_process_that_has_just_begun_gets_what_another_made(shop, addresses):
    visitor = shop.visitor()
    visitor.page(addresses["catalogue"])

    shelves.pages.clear()

    assert visitor.result(addresses["catalogue"]) == "hit"


def test_headers_are_those_of_an_answer_that_was_made(shop, addresses):
    visitor = shop.visitor()
    visitor.client.get(addresses["text"])  # which sets the cookie of the token
    made = visitor.look(addresses["catalogue"])

    hit = visitor.look(addresses["catalogue"])

    assert (made["X-Page-Cache"], hit["X-Page-Cache"]) == ("made", "hit")
    assert {name: value for name, value in hit.items() if name != "X-Page-Cache"} == {
        name: value for name, value in made.items() if name not in ("X-Page-Cache", "X-Request-ID")
    }
    assert "Content-Security-Policy" in hit.headers


def test_a_newcomer_gets_a_token_that_holds(shop, addresses):
    shop.visitor().page(addresses["product"])
    newcomer = shop.visitor()
    page = newcomer.look(addresses["product"])
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with shop.within():
        cup = Product.objects.get(title="Cup")

    newcomer.client.handler.enforce_csrf_checks = True
    answer = newcomer.client.post(f"/basket/add/{cup.pk}/", {"quantity": 1, "csrfmiddlewaretoken": token})

    assert page["X-Page-Cache"] == "hit"
    assert answer.status_code == 302


def test_a_browser_that_has_the_page_is_told_so(shop, addresses):
    visitor = shop.visitor()
    visitor.look(addresses["catalogue"])
    etag = visitor.look(addresses["catalogue"])["ETag"]

    answer = visitor.look(addresses["catalogue"], if_none_match=etag)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_another_basket_is_another_page_to_the_browser(shop, addresses):
    visitor = shop.visitor()
    visitor.look(addresses["catalogue"])
    etag = visitor.look(addresses["catalogue"])["ETag"]
    with shop.within():
        cup = Product.objects.get(title="Cup")

    visitor.client.post(f"/basket/add/{cup.pk}/", {"quantity": 2})
    visitor.look("/")  # which shows the message

    answer = visitor.look(addresses["catalogue"], if_none_match=etag)
    assert answer.status_code == 200
    assert '<span class="tool__count" aria-hidden="true">2</span>' in answer.content.decode()


def test_another_visitors_tag_is_nobodys(shop, addresses):
    secret = "a" * 32
    visitor, other = shop.visitor("ada.one@example.com", csrftoken=secret), shop.visitor(csrftoken=secret)
    with shop.within():
        other.client.force_login(a_buyer("ada.two@example.com"))
        bowl = Product.objects.get(title="Bowl")
    other.client.post(f"/basket/add/{bowl.pk}/", {"quantity": 1})
    for each in (visitor, other):
        each.look("/")
    tag = visitor.look(addresses["catalogue"])["ETag"]

    assert visitor.look(addresses["catalogue"], if_none_match=tag).status_code == 304
    assert other.look(addresses["catalogue"], if_none_match=tag).status_code == 200


def test_what_says_where_somebody_comes_from_makes_no_other_page_and_is_remembered(shop, addresses):
    shop.visitor().page(addresses["catalogue"])
    visitor = shop.visitor()

    answer = visitor.look("/catalogue/?utm_source=letter&utm_medium=mail")

    assert answer["X-Page-Cache"] == "hit"
    assert VISIT in visitor.client.cookies


def test_parameters_in_another_order_are_the_same_page(shop):
    shop.visitor().page("/search/?q=cup&sort_by=price-asc")

    assert shop.visitor().result("/search/?sort_by=price-asc&q=cup") == "hit"
    assert shop.visitor().result("/search/?sort_by=price-desc&q=cup") == "made"


@pytest.mark.parametrize("query", ["q=" + "x" * 600, "q=%00", "&".join(f"a{n}=1" for n in range(60))])
def test_a_query_that_is_no_visitors_is_kept_by_nobody(shop, query):
    visitor = shop.visitor()

    assert visitor.result(f"/search/?{query}") == ""
    assert visitor.result(f"/search/?{query}") == ""


def test_a_message_is_told_once(shop, addresses):
    visitor = shop.visitor()
    visitor.page(addresses["catalogue"])
    with shop.within():
        cup = Product.objects.get(title="Cup")

    visitor.client.post(f"/basket/add/{cup.pk}/", {"quantity": 1})

    assert "Cup" in message_of(visitor.page(addresses["catalogue"]))
    assert message_of(visitor.page(addresses["catalogue"])) == ""
    assert visitor.result(addresses["catalogue"]) == "hit"


def message_of(page: str) -> str:
    return page.split('id="messages"')[1].split("</div>")[0].split(">", 1)[1].strip()


def test_what_was_wrong_with_a_form_is_told_on_the_product_page(shop, addresses):
    visitor = shop.visitor()
    visitor.page(addresses["product"])
    with shop.within():
        cup = Product.objects.get(title="Cup")

    visitor.client.post(f"/basket/add/{cup.pk}/", {"quantity": 0})

    assert "Say how many" in visitor.page(addresses["product"])
    assert "Say how many" not in visitor.page(addresses["product"])


def test_another_host_of_the_store_names_itself(shop, addresses):
    from shop.stores.models import StoreHost

    with shop.within():
        StoreHost.objects.create(host="www.aurora.example", store=Store.objects.get())
    shop.visitor().page(addresses["product"])

    answer = shop.visitor().look(addresses["product"], host="www.aurora.example")

    assert b'rel="canonical" href="http://www.aurora.example/' in answer.content


def test_a_host_in_capitals_is_named_as_it_is(shop, addresses):
    made = shop.visitor().look(addresses["product"], host="AURORA.example")
    found = shop.visitor().look(addresses["product"])

    assert [made["X-Page-Cache"], found["X-Page-Cache"]] == ["made", "hit"]
    assert shown(made) == shown(found)
    assert 'rel="canonical" href="http://aurora.example/' in shown(found)


def test_views_are_counted_and_remembered_by_a_beacon(shop, addresses):
    visitor = shop.visitor()
    visitor.page(addresses["product"])
    with shop.within():
        cup = Product.objects.get(title="Cup")
        before = ProductRecord.objects.filter(product=cup).first()
    page = visitor.page(addresses["product"])

    answers = [visitor.client.post(f"/seen/{cup.pk}/"), visitor.client.get(f"/seen/{cup.pk}/")]

    assert f'data-seen="/seen/{cup.pk}/"' in page
    assert [answer.status_code for answer in answers] == [204, 200]
    assert "oscar_history" in visitor.client.cookies
    with shop.within():
        assert ProductRecord.objects.get(product=cup).num_views == (before.num_views if before else 0) + 2
    assert visitor.client.post("/seen/999999/").status_code == 404


@pytest.mark.parametrize("email", [None, "seen.grace@example.com"], ids=["guest", "signed in"])
def test_who_looked_at_something_is_shown_it_on_products_by_a_question_of_its_own(shop, addresses, email):
    visitor, others = shop.visitor(email), shop.visitor(email and f"other.{email}")
    with shop.within():
        cup, bowl = (Product.objects.get(title=title) for title in ("Cup", "Bowl"))
    first = visitor.look(addresses["product"])
    visitor.client.post(f"/seen/{bowl.pk}/")
    visitor.look(addresses["product"])

    with CaptureQueriesContext(connection) as asked:
        hit = visitor.look(addresses["product"], if_none_match=first["ETag"])
    visitor.client.post(f"/seen/{cup.pk}/")
    with CaptureQueriesContext(connection) as asked_again:
        later = visitor.look(addresses["product"], if_none_match=hit["ETag"])

    assert 'hx-get="/seen/"' not in shown(first)
    assert (hit.status_code, hit["X-Page-Cache"], len(asked)) == (200, "hit", 0)
    assert f"""<div hx-vals='{{"besides": {cup.pk}}}'>""" in shown(hit)
    assert 'hx-get="/seen/"' in shown(hit)
    assert (later.status_code, len(asked_again)) == (304, 0)  # whatever was seen since, the page is the same
    assert 'hx-get="/seen/"' not in others.page(addresses["product"])
    assert ">Bowl</a>" in visitor.client.get("/seen/", {"besides": cup.pk}, headers={"hx-request": "true"}).text


def test_what_is_in_the_cookie_of_one_is_nobody_elses_slot(shop, addresses):
    forger, visitor = shop.visitor(oscar_history="evil"), shop.visitor()
    forger.look(addresses["product"])
    with shop.within():
        visitor.client.post(f"/seen/{Product.objects.get(title='Bowl').pk}/")

    page = visitor.page(addresses["product"])

    assert 'hx-get="/seen/"' in page
    assert "evil" not in page


def test_without_who_listens_nothing_is_kept(shop, addresses, listener):
    visitor = shop.visitor()
    visitor.page(addresses["catalogue"])

    listener.end()
    assert visitor.result(addresses["catalogue"]) == "made"
    assert visitor.result(addresses["catalogue"]) == "made"


def test_without_redis_pages_are_right(shop, addresses):
    nobody = {"BACKEND": "shop.stores.caching.QuietRedisCache", "LOCATION": "redis://127.0.0.1:9/0"}
    with override_settings(CACHES={"pages": nobody, "default": nobody}):
        visitor = shop.visitor()
        visitor.page(addresses["catalogue"])

        assert visitor.result(addresses["catalogue"]) == "hit"
        with shop.within():
            StockRecord.objects.filter(product__title="Cup").update(price=11)
        assert "£13.20" in visitor.page(addresses["catalogue"])


@pytest.mark.parametrize("kept", [b"nonsense", pickle.dumps(7), b"cshop.pagecache.entries\nGone\n.", b""])
def test_what_redis_holds_and_nobody_can_read_is_made_anew(shop, addresses, redis_url, kept, monkeypatch):
    monkeypatch.setattr(QuietRedisCache, "back_at", 0.0)
    redis = {"BACKEND": "shop.stores.caching.QuietRedisCache", "LOCATION": redis_url}
    with override_settings(CACHES={"pages": redis, "default": redis}):
        caches["pages"].clear()
        visitor = shop.visitor()
        page = visitor.page(addresses["catalogue"])
        with Redis.from_url(redis_url) as spoiled:
            (name,) = spoiled.keys("*page:*")
            spoiled.set(name, kept)
        shelves.clear()

        assert visitor.page(addresses["catalogue"]) == page
        shelves.clear()
        assert visitor.result(addresses["catalogue"]) == "made"  # who asks is made known
        shelves.pages.clear()
        assert visitor.result(addresses["catalogue"]) == "hit"


def test_what_other_code_has_kept_is_not_asked_for(shop, addresses, monkeypatch):
    """As in the midst of an upgrade: its pages may be laid out otherwise."""
    visitor = shop.visitor()
    visitor.page(addresses["catalogue"])
    made_before = made()

    shelves.pages.clear()
    monkeypatch.setattr("shop.pagecache.shelves.LAYOUT", ("another",))
    visitor.page(addresses["catalogue"])

    assert made() == made_before + 1


def test_of_many_who_wait_for_a_page_one_makes_it(shop, addresses):
    before, rounds = made(), 20

    with ThreadPoolExecutor(rounds) as pool:
        pages = list(pool.map(lambda _: look_and_close(shop, addresses["catalogue"]), range(rounds)))

    assert len(set(pages)) == 1
    assert made() - before == 1


def test_between_processes_a_page_is_kept_once_and_whole(shop, addresses, monkeypatch):
    """Who waits for it in another process needs its headers as well."""
    kept, pages = [], type(caches["pages"])
    put = pages.set
    monkeypatch.setattr(
        pages, "set", lambda cache, name, entry, *rest: kept.append(entry) or put(cache, name, entry, *rest)
    )

    shop.visitor().page(addresses["catalogue"])

    assert ["Vary" in dict(entry.headers) for entry in kept] == [True]


def test_who_waits_for_a_page_that_is_not_kept_waits_no_longer(shop, addresses, monkeypatch):
    """It is made for each visitor anew."""
    found = CatalogueView.get_context_data
    held = []

    def watching(view, **context):
        held.append(any(map(is_locked, current_memory().path.parent.glob("*.locks/*"))))
        return found(view, **context)

    monkeypatch.setattr(CatalogueView, "get_context_data", watching)
    monkeypatch.setattr("shop.pagecache.making.is_kept", lambda response: False)
    shop.visitor().page(addresses["catalogue"])

    assert held == [True, False]


def is_locked(path):
    with path.open() as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_many_who_wait_while_something_changes_get_what_there_was_when_they_asked_and_who_asks_then_the_new(
    shop, addresses, monkeypatch
):
    before, rounds = made(), 20
    make, begun, changed = CatalogueView.get_context_data, Barrier(rounds), Event()
    snapshot = Memory.snapshot

    def all_at_once(memory):
        found = snapshot(memory)
        begun.wait(30)
        return found

    def slowly(view, **context):
        found = make(view, **context)
        if not changed.is_set():
            changed.set()
            with ThreadPoolExecutor(1) as pool:
                pool.submit(rename, shop, "Borealis").result()
        return found

    with monkeypatch.context() as patched, ThreadPoolExecutor(rounds) as pool:
        patched.setattr(CatalogueView, "get_context_data", slowly)
        patched.setattr(Memory, "snapshot", all_at_once)
        pages = list(pool.map(lambda _: look_and_close(shop, addresses["catalogue"]), range(rounds)))

    assert len(set(pages)) == 1
    assert made() - before == 1
    assert "Borealis" in shop.visitor().page(addresses["catalogue"])
    rename(shop, "Aurora")


def rename(shop, name):
    with shop.within():
        Store.objects.update(name=name)
    connection.close()


def look_and_close(shop, path):
    try:
        return shop.visitor().page(path)
    finally:
        connection.close()


def made():
    return PAGES.labels("made")._value.get()


def test_a_list_of_cards_that_other_pages_show_loads_no_product(shop, addresses):
    visitor = shop.visitor()
    visitor.page(addresses["catalogue"])

    with CaptureQueriesContext(connection) as asked:
        answer = visitor.look(addresses["sorted"])

    assert answer["X-Page-Cache"] == "made"
    assert not [query for query in asked.captured_queries if 'FROM "catalogue_product"' in query["sql"]]
    assert answer.content.count(b'<article class="card">') == 4


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=cup",
        "/catalogue/?nonsense=1",
        "/catalogue/?page=1&page=1&page=1",
        "/catalogue/?page=1&page=01",
        "/catalogue/?page=0001",
        "/catalogue/?page=%D9%A1",
        "/catalogue/?sort_by=evil",
        "/privacy/?page=7",
        "/?sort_by=newest",
    ],
)
def test_addresses_that_anybody_can_make_up_are_kept_by_the_process_alone(shop, path):
    visitor = shop.visitor()
    visitor.page(path)
    assert visitor.result(path) == "hit"
    shelves.pages.clear()

    assert visitor.result(path) == "made"


@pytest.mark.parametrize(
    "host", ["aurora.example:81", "aurora.example:0000081", "aurora.example.", "aurora.example..."]
)
def test_hosts_that_anybody_can_make_up_fill_nothing_between_processes(shop, host):
    visitor = shop.visitor()
    visitor.look("/privacy/", host=host)
    assert visitor.look("/privacy/", host=host)["X-Page-Cache"] == "hit"
    shelves.pages.clear()

    assert visitor.look("/privacy/", host=host)["X-Page-Cache"] == "made"


@pytest.mark.parametrize("path", ["/catalogue/?page=1", "/catalogue/?sort_by=title", "/search/?sort_by=newest&page=1"])
def test_pages_and_orders_of_a_list_are_kept_between_processes(shop, path):
    visitor = shop.visitor()
    visitor.page(path)
    shelves.pages.clear()

    assert visitor.result(path) == "hit"


@pytest.mark.parametrize("secret", ["evil", "a" * 31, ""])
def test_a_browser_whose_secret_is_none_gets_another_and_the_page(shop, addresses, secret):
    first = shop.visitor()
    first.look(addresses["catalogue"])
    tag = first.look(addresses["catalogue"])["ETag"]
    visitor = shop.visitor(csrftoken=secret)

    answer = visitor.look(addresses["catalogue"], if_none_match=tag)

    assert (answer.status_code, answer["X-Page-Cache"]) == (200, "hit")
    assert len(visitor.client.cookies["csrftoken"].value) == 32


def test_a_renamed_reviewer_is_renamed(shop, addresses):
    with shop.within():
        ida = a_buyer("ida.noddack@example.com", first_name="Ida", last_name="Noddack")
        bowl = Product.objects.get(title="Bowl")
        bowl.reviews.create(title="Fine", body="It holds soup.", score=4, user=ida, status=1)
        path = bowl.get_absolute_url()
    visitor = shop.visitor()
    assert "Ida Noddack" in visitor.page(path)

    with shop.within():
        type(ida).objects.filter(pk=ida.pk).update(last_name="Tacke")

    assert "Ida Tacke" in visitor.page(path)


def test_threads_share_a_shelf():
    shelf = Shelf(1_000, lambda key, value: 10)

    def use(seed):
        for number in range(3_000):
            shelf.put((seed * number) % 137, number)
            shelf.get(number % 137)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(use, (3, 5, 7, 11)))

    assert shelf.filled == 10 * len(shelf.values) == 1_000
