"""Sessions, cache, files and tasks: what lies around the database keeps to the scope too."""

import pytest
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from config.celery import app
from shop.stores.errors import NoScope, UnknownMerchant
from shop.stores.querysets import merchant_named
from shop.stores.scope import current_merchant_id, merchant_scope, remembered_merchant
from shop.stores.sessions import SessionStore

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_a_session_carried_to_another_merchant_is_nobodys(aurora, lumen):
    with merchant_scope(aurora.pk):
        session = SessionStore()
        session["secret"] = "of aurora"
        session.save()

    with merchant_scope(lumen.pk):
        assert SessionStore(session.session_key).get("secret") is None
    with merchant_scope(aurora.pk):
        assert SessionStore(session.session_key)["secret"] == "of aurora"


def test_a_session_opens_the_scope_it_needs(aurora):
    with remembered_merchant(aurora.pk):
        session = SessionStore()
        session["seen"] = True
        session.save()
        assert SessionStore(session.session_key)["seen"] is True
        session.delete()
        assert not SessionStore().exists(session.session_key)


def test_the_cache_of_one_merchant_is_not_anothers(aurora, lumen):
    with merchant_scope(aurora.pk):
        cache.set("roots", "aurora's")
    with merchant_scope(lumen.pk):
        assert cache.get("roots") is None
    assert cache.get("roots") is None
    with merchant_scope(aurora.pk):
        assert cache.get("roots") == "aurora's"


def test_files_of_another_merchant_can_neither_be_read_nor_written_nor_named(aurora, lumen, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with merchant_scope(aurora.pk):
        name = default_storage.save("note.txt", ContentFile(b"ours"))
        with default_storage.open(name) as file:
            assert file.read() == b"ours"
        assert default_storage.url(name) == f"/media/m{aurora.pk}/note.txt"

    with merchant_scope(lumen.pk):
        for attempt in (default_storage.open, default_storage.delete, default_storage.url, default_storage.exists):
            with pytest.raises(SuspiciousFileOperation):
                attempt(name)
        with pytest.raises(SuspiciousFileOperation):
            default_storage.save(name, ContentFile(b"theirs"))
        for climbing in (f"m{lumen.pk}/../{name}", f"../{name}", f"pictures/../../{name}"):
            with pytest.raises(SuspiciousFileOperation):
                default_storage.open(climbing)


def test_a_task_runs_in_the_scope_it_was_sent_from(aurora):
    @app.task(name="tests.where")
    def where() -> int | None:
        return current_merchant_id()

    with merchant_scope(aurora.pk):
        assert where.delay().get() == aurora.pk
    with pytest.raises(NoScope):
        where.delay()
    assert where() is None


def test_a_command_that_knows_no_merchants_runs_in_one_or_in_each(aurora, lumen, capsys):
    call_command("in_merchant", "aurora", "shell", "--no-imports", "-c", SAY_WHERE)
    assert capsys.readouterr().out.split() == [str(aurora.pk)]

    call_command("in_merchant", "--all", "shell", "--no-imports", "-c", SAY_WHERE)
    assert capsys.readouterr().out.split() == [str(aurora.pk), str(lumen.pk)]


@pytest.mark.parametrize("words", [["nobody", "check"], ["aurora"], []])
def test_a_command_for_nobody_is_refused(aurora, words):
    with pytest.raises(CommandError):
        call_command("in_merchant", *words)


def test_a_merchant_is_found_by_its_short_name(aurora):
    assert merchant_named("aurora") == aurora
    with pytest.raises(UnknownMerchant):
        merchant_named("nobody")


SAY_WHERE = "from shop.stores.scope import current_merchant_id as m; print(m())"
