"""Price files in the dashboard: sent, looked at, signed, undone and taken away."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.pricefiles import actions
from shop.pricefiles.dashboard import rows
from shop.pricefiles.models import PriceFile
from shop.pricefiles.querysets import signing_policy
from shop.pricing.models import PriceList
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pricefiles.files import HEADER, publish, send, sku, tiers
from tests.pricing.trade import a_list, set_prices
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def manager(browser_of) -> Client:
    return browser_of("catalogue")


@pytest.fixture
def trade(world) -> PriceList:
    return a_list("trade")


@pytest.fixture
def cup(world):
    return a_product("Cup")


@pytest.fixture
def upload(manager, trade, django_capture_on_commit_callbacks) -> Callable:
    """Sends a file and follows it to its page, where the work has been done meanwhile."""

    def upload(*lines: str, name: str = "prices.csv", **fields: object):
        file = SimpleUploadedFile(name, "\n".join(lines).encode())
        said = {"file": file, "mode": "change", "decimal_mark": "."} | fields
        with django_capture_on_commit_callbacks(execute=True):
            answer = manager.post(f"/dashboard/prices/{trade.pk}/import/", said)
        return manager.get(answer["Location"]) if answer.status_code == 302 else answer

    return upload


@pytest.fixture
def press(manager, trade, django_capture_on_commit_callbacks) -> Callable:
    """Presses a button of a file's page; returns the page behind it."""

    def press(button: str, file: PriceFile, browser: Client = manager, **fields: object):
        path = f"/dashboard/prices/{trade.pk}/import/{file.pk}/"
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(f"{path}{button}/", fields)
        assert answer["Location"] == path
        return browser.get(path)

    return press


def page_of(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_file_is_sent_looked_at_signed_and_undone(upload, press, trade, cup):
    set_prices(trade, cup, "1:9", "10:8")
    before = tiers(trade)

    page = page_of(upload(HEADER, f"{sku(cup)},1,9.45", f"{sku(cup)},10,3.60"))
    assert "waits for sign-off" in page
    assert "Sign and publish 2 changes" in page
    assert "£9.45" in page
    assert "+5.0" in page
    assert "1 by more than half" in page
    assert tiers(trade) == before

    file = PriceFile.objects.get()
    page = page_of(press("sign", file))
    assert "published</span>" in page
    assert "revision 2" in page
    assert tiers(trade) != before
    assert "Undone: the list is as it was before." in page_of(press("undo", file))
    assert tiers(trade) == before


def test_refused_rows_are_shown_and_keep_the_file_out_until_somebody_ticks(upload, press, trade, cup):
    upload(HEADER, f"{sku(cup)},1,9", "NOPE,1,5")
    file = PriceFile.objects.get()

    path = f"/dashboard/prices/{trade.pk}/import/{file.pk}/"
    page = page_of(press("sign", file))
    assert "Some rows are refused: mend the file, or sign without them." in page
    assert not tiers(trade)
    page_of(press("sign", file, leaves_out_refused="on"))
    assert len(tiers(trade)) == 1
    assert path


def test_the_tabs_show_what_they_say_and_the_largest_change_comes_first(upload, manager, trade, cup, monkeypatch):
    monkeypatch.setattr(rows, "PER_PAGE", 2)
    set_prices(trade, cup, "1:100", "10:90", "20:80")
    number = sku(cup)
    upload(HEADER, f"{number},1,99", f"{number},10,60", f"{number},20,59", "NOPE,1,5")
    path = f"/dashboard/prices/{trade.pk}/import/{PriceFile.objects.get().pk}/"

    def shown(query: str) -> list[str]:
        return [found.new for found in manager.get(f"{path}?{query}").context["page"].rows]

    assert shown("") == ["£99.00", "£60.00"]
    assert shown("page=2") == ["£59.00"]
    assert shown("order=change") == ["£60.00", "£59.00"]
    assert shown(f"q={number.lower()}&page=2") == ["£59.00"]
    assert shown("q=other") == []
    assert shown("show=added") == []
    for nonsense in ("page=x", "page=99999999999", "show=x", "order=x", "q=%00"):
        assert manager.get(f"{path}?{nonsense}").status_code == 200
    refused = page_of(manager.get(f"{path}?show=refused"))
    assert "There is no such product or category." in refused


@pytest.mark.parametrize(
    ("lines", "fields", "why"),
    [
        (["sku,price"], {}, "there is no use for the column"),
        ([], {}, "The submitted file is empty."),
        ([HEADER], {"name": "prices.pdf"}, "File extension “pdf” is not allowed."),
        ([HEADER], {"takes_effect_at": "soon"}, "Enter a valid date/time."),
        ([HEADER], {"takes_effect_at": "9999-12-31T23:59-10:00"}, "Choose a year from 2000 to 2999."),
        ([HEADER], {"mode": "x"}, "Select a valid choice."),
    ],
)
def test_what_is_no_price_file_is_said_to_be_none(upload, lines, fields, why):
    assert why.replace("'", "&#x27;") in page_of(upload(*lines, **fields))
    assert not PriceFile.objects.filter(state="compared").exists()


def test_while_it_is_at_work_the_page_looks_again_and_a_second_file_waits(manager, upload, trade, cup):
    file = actions.receive(trade, [b"sku,value\n"], name="a.csv", by=None)
    path = f"/dashboard/prices/{trade.pk}/import/{file.pk}/"

    answer = manager.get(path)
    assert answer["Refresh"] == "3"
    assert "It is being read." in page_of(answer)
    assert "wait until it is done" in page_of(upload(HEADER))
    PriceFile.objects.update(step="read", reached=20_000)
    assert "20,000 rows read." in page_of(manager.get(path))
    PriceFile.objects.update(seen_at=timezone.now() - timedelta(minutes=6))
    answer = manager.get(path)
    assert "Refresh" not in answer
    assert "start it again" in page_of(answer)


def test_a_list_that_has_changed_is_compared_again_in_one_click(upload, press, manager, trade, cup):
    upload(HEADER, f"{sku(cup)},1,9")
    file = PriceFile.objects.get()
    set_prices(trade, cup, "10:8")

    path = f"/dashboard/prices/{trade.pk}/import/{file.pk}/"
    page = page_of(manager.get(path))
    assert "The list has changed since this file was compared with it." in page
    assert "Sign and publish" not in page
    assert "compare again" in page_of(press("sign", file))
    assert "Sign and publish 1 change<" in page_of(press("compare", file))


def test_where_somebody_else_has_to_sign_the_sender_is_told(upload, press, browser_of, manager, trade, cup):
    owner = browser_of("owner")
    owner.post(f"/dashboard/prices/{trade.pk}/import/policy/", {"needs_second_person": "on"})
    assert signing_policy().needs_second_person

    page = page_of(upload(HEADER, f"{sku(cup)},1,9"))
    file = PriceFile.objects.get()
    assert "You have sent this file: somebody else has to sign it." in page
    assert "Somebody else has to sign this file." in page_of(press("sign", file))
    page_of(press("sign", file, browser=owner))
    assert PriceFile.objects.get().signed_by == User.objects.get(email="owner-0@aurora.example")


def test_a_file_is_withdrawn(upload, press, manager, trade, cup):
    upload(HEADER, f"{sku(cup)},1,9", "NOPE,1,1")
    file = PriceFile.objects.get()

    assert "withdrawn</span>" in page_of(press("withdraw", file))
    assert manager.get(f"/dashboard/prices/{trade.pk}/import/{file.pk}/refused/").status_code == 404


def test_lists_differences_and_refused_rows_are_taken_away(upload, manager, trade, cup):
    set_prices(trade, cup, "1:9")
    upload(HEADER, f"{sku(cup)},1,8", "NOPE,1,5")
    of_list, of_file = f"/dashboard/prices/{trade.pk}/", f"import/{PriceFile.objects.get().pk}/"

    def taken(path: str) -> list[dict[str, str]]:
        answer = manager.get(of_list + path)
        assert answer["Content-Disposition"].startswith("attachment")
        return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))

    assert [row["value"] for row in taken("export/?format=csv")] == ["9.00"]
    assert [row["value"] for row in taken(f"{of_file}differences/")] == ["8.00"]
    assert [row["sku"] for row in taken(f"{of_file}refused/")] == ["NOPE"]
    assert manager.get(f"{of_list}export/?format=xlsx").getvalue().startswith(b"PK")
    assert taken("export/?format=csv&moment=2020-01-01T00:00") == []
    for path in ("export/", "export/?format=pdf", "export/?format=csv&moment=x"):
        assert "Content-Disposition" not in manager.get(of_list + path)


def test_who_only_reads_sees_and_does_nothing(upload, press, browser_of, trade, cup):
    upload(HEADER, f"{sku(cup)},1,9")
    path = f"/dashboard/prices/{trade.pk}/import/{PriceFile.objects.get().pk}/"
    analyst = browser_of("analyst")

    page = page_of(analyst.get(path))
    assert "Somebody who may sign price files has to sign it." in page
    for button in ("sign", "undo", "compare", "withdraw"):
        assert f"/{button}/" not in page.partition("<main")[2]
        assert analyst.post(f"{path}{button}/").status_code == 403
    assert not tiers(trade)


def test_the_pages_ask_as_often_for_twice_as_much(manager, trade):
    def taken() -> tuple[int, int]:
        lines = [f"{sku(a_product(f'Cup {n}'))},1,5" for n in range(len(PriceFile.objects.all()) * 5 + 3)]
        file = send(trade, HEADER, *lines)
        paths = (f"/dashboard/prices/{trade.pk}/import/", f"/dashboard/prices/{trade.pk}/import/{file.pk}/")
        manager.get(paths[1])
        counts = []
        for path in paths:
            with counted_queries() as queries:
                assert manager.get(path).status_code == 200
            counts.append(len(queries))
        return counts[0], counts[1]

    assert taken() == taken()


# The stranger


def test_files_of_another_merchant_or_another_list_are_not_found(manager, trade, lumen):
    other = a_list("other")
    misplaced = send(other, HEADER)
    with merchant_scope(lumen.pk):
        theirs = send(a_list("theirs"), HEADER, f"{sku(a_product('Lamp'))},1,5")
        publish(theirs)

    for pk, file in ((trade.pk, misplaced), (trade.pk, theirs), (theirs.price_list_id, theirs)):
        path = f"/dashboard/prices/{pk}/import/{file.pk}/"
        for page in ("", "differences/", "refused/"):
            assert manager.get(path + page).status_code == 404
        for button in ("sign", "undo", "compare", "withdraw"):
            assert manager.post(f"{path}{button}/").status_code == 404
    for page in ("import", "export"):
        assert manager.get(f"/dashboard/prices/{theirs.price_list_id}/{page}/").status_code == 404
    with merchant_scope(lumen.pk):
        assert PriceFile.objects.get().state == "published"
