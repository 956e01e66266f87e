"""Uploaded files as browsers get them."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(aurora_store, settings, tmp_path) -> Client:
    settings.MEDIA_ROOT = tmp_path
    return Client(headers={"host": "aurora.example"})


def kept(name: str, content: bytes) -> str:
    """The address of a file that somebody uploaded."""
    return default_storage.url(default_storage.save(name, ContentFile(content)))


def test_a_picture_is_shown(visitor):
    buffer = BytesIO()
    Image.new("RGB", (4, 4), "teal").save(buffer, "PNG")

    response = visitor.get(kept("cup.png", buffer.getvalue()))
    response.close()

    assert (response["Content-Type"], response["Content-Disposition"]) == ("image/png", 'inline; filename="cup.png"')


@pytest.mark.parametrize("name", ["run.js", "page.html", "drawing.svg", "style.css", "old.xhtml", "sheet.pdf", "x"])
def test_whatever_is_no_picture_is_only_downloaded(visitor, name):
    """The policies of the pages allow what comes from the store itself: an attribute's file is nobody's script."""
    response = visitor.get(kept(name, b"fetch('/dashboard/staff/')"))
    response.close()

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["a" * 300 + ".png", "a" * 5000, "cup.png/more", "products/", "%E2%98%83", "..%2f..%2fx"]
)
def test_a_name_that_no_file_has_is_not_found(visitor, name):
    kept("cup.png", b"picture")
    kept("products/cup.png", b"picture")

    assert visitor.get(f"/media/{name}").status_code == 404
