"""Files in a bucket keep to their merchant as those in a folder do."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from config.environment import MediaBucket, django_storage
from shop.catalogue.models import ProductImage
from shop.outbox.draining import drain_all
from shop.pictures.actions import make_renditions
from shop.stores.bucket import MerchantBucket
from shop.stores.errors import NoScope
from shop.stores.scope import merchant_scope, remembered_merchant
from tests.goods import a_product
from tests.pictures.files import drawn, sent, written

AURORA, LUMEN = 7, 8


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as the storage asks for: one object at a time."""

    objects: dict[str, bytes]
    told: ClassVar[dict[str, str | None]] = {}
    """What browsers are to be told of how long they may keep each."""

    def do_PUT(self) -> None:
        self.told[urlsplit(self.path).path] = self.headers.get("Cache-Control")
        self.objects[urlsplit(self.path).path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self) -> None:
        found = self.objects.get(urlsplit(self.path).path)
        self.answer(404 if found is None else 200, found or b"")

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_DELETE(self) -> None:
        self.objects.pop(urlsplit(self.path).path, None)
        self.answer(204)

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("ETag", '"1"')
        self.send_header("Last-Modified", "Fri, 20 Nov 2026 10:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def objects(monkeypatch) -> Iterator[dict[str, bytes]]:
    """What lies in the bucket `media` of the server that `endpoint` names."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "stoa")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "open-sesame")
    kept: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("KeptBucket", (Bucket,), {"objects": kept}))
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setattr(Bucket, "port", server.server_port, raising=False)
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def bucket(objects) -> MerchantBucket:
    return storage_of(MediaBucket("media", "uploads", "eu-west-2", f"http://127.0.0.1:{Bucket.port}"))


def storage_of(media: MediaBucket) -> MerchantBucket:
    return MerchantBucket(**django_storage(media)["OPTIONS"])


def test_a_file_lies_below_its_merchants_prefix(bucket, objects):
    with remembered_merchant(AURORA):
        name = bucket.save("pictures/lamp.png", ContentFile(b"light"))
        again = bucket.save("pictures/lamp.png", ContentFile(b"other"))

        assert name == "m7/pictures/lamp.png"
        assert again != name
        assert objects["/media/uploads/m7/pictures/lamp.png"] == b"light"
        with bucket.open(name) as file:
            assert file.read() == b"light"
        assert bucket.url(name) == "/media/m7/pictures/lamp.png"

        bucket.delete(name)
        assert not bucket.exists(name)
        with pytest.raises(FileNotFoundError):
            bucket.open(name)


def test_a_public_address_of_the_bucket_is_used_when_there_is_one(objects):
    media = MediaBucket("media", "uploads", public="https://cdn.example.com")

    with remembered_merchant(AURORA):
        assert storage_of(media).url("lamp.png") == "https://cdn.example.com/uploads/m7/lamp.png"


@pytest.mark.django_db
def test_a_store_serves_the_files_of_its_bucket(bucket, aurora, client, monkeypatch):
    monkeypatch.setattr(default_storage, "_wrapped", bucket)
    with remembered_merchant(aurora.pk):
        name = bucket.save("lamp.txt", ContentFile(b"light"))

    response = client.get(f"/media/{name}", headers={"host": "aurora.example"})

    assert (response.status_code, response.getvalue()) == (200, b"light")
    assert client.get("/media/m999/lamp.txt", headers={"host": "aurora.example"}).status_code == 404
    assert client.get("/media/nothing.txt", headers={"host": "aurora.example"}).status_code == 404


@pytest.mark.django_db
def test_a_picture_and_all_that_is_made_of_it_lie_in_the_bucket_for_good_and_are_deleted_there(
    bucket, objects, aurora, monkeypatch
):
    monkeypatch.setattr(default_storage, "_wrapped", bucket)
    with merchant_scope(aurora.pk):
        content = written("JPEG", drawn((300, 200)))
        image = ProductImage.objects.create(product=a_product(), original=sent("cup.jpg", content))
        drain_all()
        image.refresh_from_db()
        names = [image.original.name, *image.drawn.names()]

        assert sorted(objects) == sorted(f"/media/uploads/{name}" for name in names)
        assert len(objects) == 5
        assert {Bucket.told[key] for key in objects} == {"public, max-age=31536000, immutable"}
        assert make_renditions(ProductImage, image.pk) is False

        image.delete()
        drain_all()
        assert objects == {}


# The stranger


def test_files_of_another_merchant_can_neither_be_read_nor_written_nor_named(bucket, objects):
    with remembered_merchant(AURORA):
        name = bucket.save("note.txt", ContentFile(b"ours"))
    before = dict(objects)

    with remembered_merchant(LUMEN):
        for theirs in (name, f"../{name}", f"m8/../{name}"):
            for attempt in (bucket.open, bucket.delete, bucket.url, bucket.exists, bucket.size):
                with pytest.raises(SuspiciousFileOperation):
                    attempt(theirs)
            with pytest.raises(SuspiciousFileOperation):
                bucket.save(theirs, ContentFile(b"theirs"))
    with pytest.raises(NoScope):
        bucket.exists(name)
    assert objects == before
