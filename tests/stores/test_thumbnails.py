from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from shop.stores.scope import merchant_scope, remembered_merchant
from shop.stores.thumbnails import Thumbnailer, made, wanted

MERCHANT = 9001


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made.cache_clear()
    with remembered_merchant(MERCHANT):
        yield


def saved_picture(name: str, width: int = 1600, height: int = 800) -> str:
    buffer = BytesIO()
    Image.new("RGB", (width, height), "teal").save(buffer, "PNG")
    return default_storage.save(name, ContentFile(buffer.getvalue()))


def size_of(picture_file) -> tuple[int, int]:
    with Image.open(picture_file) as picture:
        return picture.size


def test_what_pages_show_is_made_when_it_is_asked_for(tmp_path):
    thumbnail = Thumbnailer().generate_thumbnail(saved_picture("cup.png"), size="600x600")
    path = tmp_path / f"m{MERCHANT}" / "cup.png.600x600.webp"

    assert thumbnail.url == f"/media/m{MERCHANT}/cup.png.600x600.webp"
    assert not path.exists()
    assert wanted(thumbnail.name) == thumbnail.name
    assert size_of(path) == (600, 300)


def test_any_other_size_is_made_at_once_and_remembered(tmp_path):
    name = saved_picture("cup.png")
    path = tmp_path / f"m{MERCHANT}" / "cup.png.x100.webp"

    Thumbnailer().generate_thumbnail(name, size="x100")
    assert size_of(path) == (200, 100)

    path.unlink()
    Thumbnailer().generate_thumbnail(name, size="x100")
    assert not path.exists(), "the storage was asked again"


def test_where_no_browser_asks_us_for_files_pictures_are_made_with_the_page(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}

    thumbnail = Thumbnailer().generate_thumbnail(saved_picture("cup.png"), size="300x300")

    with default_storage.open(thumbnail.name) as file:
        assert size_of(file) == (300, 150)


def test_many_who_ask_at_once_leave_one_file(tmp_path):
    name = saved_picture("cup.png")

    def ask(_: int) -> str | None:
        with remembered_merchant(MERCHANT):
            return wanted(f"{name}.300x300.webp")

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {f"{name}.300x300.webp"}
    assert sorted(path.name for path in (tmp_path / f"m{MERCHANT}").iterdir()) == ["cup.png", "cup.png.300x300.webp"]


@pytest.mark.parametrize("content", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_picture_is_shown_as_it_is(content):
    name = default_storage.save("sign.svg", ContentFile(content))

    assert wanted(f"{name}.300x300.webp") == name
    assert Thumbnailer().generate_thumbnail(name, size="100x100").url == default_storage.url(name)


# The stranger


@pytest.mark.parametrize(
    "name", ["lost.png.300x300.webp", "cup.png.301x301.webp", "cup.png.300x300.png", "cup.png", "300x300.webp"]
)
def test_nothing_else_is_made_for_a_stranger(tmp_path, name):
    saved_picture("cup.png")

    assert wanted(f"m{MERCHANT}/{name}") is None
    assert [path.name for path in (tmp_path / f"m{MERCHANT}").iterdir()] == ["cup.png"]


@pytest.mark.django_db
def test_a_merchants_pictures_are_made_on_its_own_hosts_only(client, aurora, lumen):
    with merchant_scope(aurora.pk):
        address = Thumbnailer().generate_thumbnail(saved_picture("cup.png"), size="300x300").url

    assert client.get(address, headers={"host": "lumen.example"}).status_code == 404
    response = client.get(address, headers={"host": "aurora.example"})
    assert (response.status_code, response["content-type"]) == (200, "image/webp")
    assert size_of(BytesIO(b"".join(response.streaming_content))) == (300, 150)
    response.close()


@pytest.mark.parametrize(("kind", "size"), [("PNG", (10_000, 5_001)), ("EPS", (4, 4))])
def test_neither_a_huge_picture_nor_one_of_a_strange_kind_is_opened(kind, size):
    buffer = BytesIO()
    Image.new("L", size).save(buffer, kind)
    name = default_storage.save("trap.png", ContentFile(buffer.getvalue()))

    assert wanted(f"{name}.300x300.webp") == name
