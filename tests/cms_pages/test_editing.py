"""The content editor, as an editor uses it."""

import json
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from cms_pages.furnishing import furnish_store
from cms_pages.models import ContactPage, HomePage, LandingPage, StoreDocument, StoreImage, StoreLook, TextPage
from shop.accounts.models import User
from shop.staff.roles import Role
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.editors import editor, signed_in
from tests.cms_pages.pictures import png
from tests.cms_pages.reading import read
from tests.goods import a_product
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db


def page_form(title: str, *, slug: str = "page", **fields: Any) -> dict[str, Any]:
    """What the form of a page sends."""
    return nested_form_data({"title": title, "slug": slug, "seo_title": "", "search_description": "", **fields})


def body_of(*blocks: tuple[str, Any]) -> dict[str, Any]:
    return streamfield(list(blocks))


@pytest.fixture
def edith(home: HomePage) -> Client:
    return signed_in(editor())


def test_an_editor_writes_a_page_and_publishes_it(edith: Client, home: HomePage, client: Client) -> None:
    form = page_form("Autumn", slug="autumn", body=body_of(("prose", rich_text("<p>Warm light.</p>"))))

    response = edith.post(
        f"/cms/pages/add/cms_pages/landingpage/{home.pk}/", {**form, "action-publish": "action-publish"}
    )

    assert response.status_code == 302
    assert LandingPage.objects.get().locale == home.locale
    assert read(client, "/autumn/").texts(".prose") == ["Warm light."]


def test_an_editor_chooses_products(edith: Client, home: HomePage, aurora_store: Store, client: Client) -> None:
    cup = a_product("Cup", aurora_store)
    block = {"heading": "Ours", "products": streamfield([]) | {"count": "1", "0": _item(cup.pk)}}

    edith.post(
        f"/cms/pages/add/cms_pages/landingpage/{home.pk}/",
        {**page_form("Autumn", slug="autumn", body=body_of(("products", block))), "action-publish": "x"},
    )

    assert read(client, "/autumn/").texts(".card__title") == ["Cup"]


@pytest.mark.parametrize("path", ["/cms/pages/{pk}/delete/", "/cms/bulk/wagtailcore/page/delete/?id={pk}"])
def test_a_stores_home_stays_also_when_nothing_is_below_it(path: str, aurora_store: Store) -> None:
    home = Page.objects.get(sites_rooted_here__isnull=False)

    response = signed_in(editor()).post(path.format(pk=home.pk), {"next": "/cms/"}, follow=True)

    assert "is the home of a store: it stays." in response.content.decode()
    assert Page.objects.filter(pk=home.pk).exists()


def _item(value: Any) -> dict[str, Any]:
    return {"value": str(value), "deleted": "", "order": "0", "id": ""}


@pytest.mark.parametrize("theme", ["base", "clinic", "lumen"])
def test_a_preview_shows_what_is_not_saved_in_the_stores_theme(
    theme: str, edith: Client, home: HomePage, client: Client
) -> None:
    Store.objects.update(theme=theme)
    form = page_form("Aurora", slug=home.slug, body=body_of(("prose", rich_text("<p>Not yet saved.</p>"))))

    saved = edith.post(f"/cms/pages/{home.pk}/edit/preview/", form)
    response = edith.get(f"/cms/pages/{home.pk}/edit/preview/?mode=")

    assert saved.json() == {"is_valid": True, "is_available": True}
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "Not yet saved." in response.content.decode()
    for other in ("clinic", "lumen"):
        assert (f"themes/{other}/css/{other}.css" in response.content.decode()) == (other == theme)
    assert "Not yet saved." not in read(client, "/").text


def test_a_preview_is_of_the_store_that_the_page_is_of_and_not_of_the_host(edith: Client) -> None:
    german = NewStore(name="Praxis", slug="praxis", host="praxis.example", theme="lumen", language="de", currency="EUR")
    other = open_store(german)
    home = furnish_store(other)
    form = page_form("Praxis", slug=home.slug, body=streamfield([]))

    edith.post(f"/cms/pages/{home.pk}/edit/preview/", form)
    text = edith.get(f"/cms/pages/{home.pk}/edit/preview/?mode=").content.decode()

    assert '<html lang="de">' in text
    assert "themes/lumen/css/lumen.css" in text
    assert "<title>Praxis</title>" in text


def test_a_page_that_is_not_there_yet_has_a_preview(edith: Client, home: HomePage) -> None:
    address = f"/cms/pages/add/cms_pages/textpage/{home.pk}/preview/"

    edith.post(address, page_form("New", slug="new", body=rich_text("<p>Soon.</p>")))
    text = edith.get(f"{address}?mode=").content.decode()

    assert "Soon." in text
    assert "<title>New · Aurora</title>" in text


@pytest.mark.parametrize("kind", ["feature", "figure"])
def test_a_block_whose_picture_is_yet_to_be_chosen_has_a_preview(kind: str, edith: Client, home: HomePage) -> None:
    fields = {"heading": "", "text": rich_text(""), "links": streamfield([]), "caption": "", "width": "text"}
    block = {**fields, "image": {"image": "", "alt_text": ""}}
    address = f"/cms/pages/{home.pk}/edit/preview/"

    saved = edith.post(address, page_form("Aurora", slug=home.slug, body=body_of((kind, block))))

    assert saved.json() == {"is_valid": True, "is_available": True}
    assert edith.get(f"{address}?mode=").status_code == 200


def test_a_draft_and_an_old_version_can_be_looked_at(edith: Client, home: HomePage) -> None:
    page = home.add_child(instance=TextPage(title="Us", slug="us", body="<p>First.</p>"))
    first = page.save_revision()
    page.body = "<p>Second.</p>"
    page.save_revision()

    draft = edith.get(f"/cms/pages/{page.pk}/view_draft/").content.decode()
    old = edith.get(f"/cms/pages/{page.pk}/revisions/{first.pk}/view/").content.decode()

    assert "Second." in draft
    assert "First." in old
    assert edith.get(f"/cms/pages/{page.pk}/history/").status_code == 200


def test_a_form_has_a_preview_of_its_thanks(edith: Client) -> None:
    page = ContactPage.objects.get()
    form = page_form(
        "Contact",
        slug="contact",
        introduction=rich_text(""),
        thanks=rich_text("<p>Many thanks.</p>"),
        mail_to="",
        form_fields=inline_formset([{"label": "Name", "field_type": "singleline", "required": "on"}]),
    )

    edith.post(f"/cms/pages/{page.pk}/edit/preview/", form)

    assert "Many thanks." in edith.get(f"/cms/pages/{page.pk}/edit/preview/?mode=landing").content.decode()
    assert 'name="name"' in edith.get(f"/cms/pages/{page.pk}/edit/preview/?mode=form").content.decode()


def test_an_editor_sees_the_editors_bar_on_a_page_and_a_visitor_does_not(edith: Client, client: Client) -> None:
    assert "wagtail-userbar" in edith.get("/").content.decode()
    assert "wagtail-userbar" not in client.get("/", headers={"host": "aurora.example"}).content.decode()


def test_an_editor_changes_the_look_of_their_store(edith: Client, aurora_store: Store, client: Client) -> None:
    address = f"/cms/settings/cms_pages/storelook/{aurora_store.site_id}/"
    form = {"logo": "", "brand": "#AA3300", "paper": "", "ink": "", "display_type": "", "text_type": "", "corners": ""}

    unreadable = edith.post(address, {**form, "ink": "#dddddd"})
    accepted = edith.post(address, form)

    assert unreadable.status_code == 200
    assert "hard to read" in unreadable.content.decode()
    assert accepted.status_code == 302
    assert StoreLook.objects.get().brand == "#aa3300"
    assert "theme.css?v=" in read(client, "/").text


def test_an_editor_of_one_store_changes_the_settings_of_that_one_only(home: HomePage, aurora_store: Store) -> None:
    other = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    client = signed_in(editor(aurora_store))

    own = client.get(f"/cms/settings/cms_pages/storelook/{aurora_store.site_id}/")
    others = client.post(f"/cms/settings/cms_pages/storelook/{other.site_id}/", {"brand": "#aa3300"})

    assert own.status_code == 200
    assert others.status_code == 404
    assert not StoreLook.objects.filter(site=other.site).exists()


def test_pages_are_found_by_how_the_words_of_their_titles_begin(edith: Client, home: HomePage) -> None:
    page = home.add_child(instance=TextPage(title="About our glassblowers", slug="us"))

    found = edith.get("/cms/pages/search/?q=glassb").content.decode()

    assert f"/cms/pages/{page.pk}/edit/" in found
    assert f"/cms/pages/{home.pk}/edit/" not in found


@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
@pytest.mark.parametrize("action", ["delete/", "unpublish/", "move/"])
def test_nobody_takes_away_the_page_that_a_store_begins_with(action: str, role: Role, home: HomePage) -> None:
    client = signed_in(editor(role=role))

    response = client.post(f"/cms/pages/{home.pk}/{action}", {"next": "/cms/", "confirm-site-name": "Aurora"})

    assert (response.status_code, response["Location"]) == (302, "/cms/")
    assert HomePage.objects.get(pk=home.pk).live
    assert Store.objects.get().site.root_page_id == home.pk


def test_several_pages_are_taken_away_but_not_that_one(edith: Client, home: HomePage) -> None:
    faq = home.get_children().get(slug="faq")

    edith.post(f"/cms/bulk/wagtailcore/page/delete/?id={faq.pk}&id={home.pk}&next=/cms/", {"next": "/cms/"})

    assert Page.objects.filter(pk=home.pk).exists()
    assert not Page.objects.filter(pk=faq.pk).exists()


# Pictures and documents


def upload(client: Client, name: str, content: bytes, kind: str) -> dict[str, Any]:
    """Send a picture by the form that takes several; gives its answer."""
    response = client.post(
        "/cms/images/multiple/add/",
        {"files[]": SimpleUploadedFile(name, content, kind), "collection": ""},
        headers={"x-requested-with": "XMLHttpRequest"},
    )
    return json.loads(response.content)


def test_a_picture_is_taken_in(edith: Client) -> None:
    answer = upload(edith, "lamp.png", png((60, 40)), "image/png")

    assert answer["success"] is True
    assert StoreImage.objects.get().file.name.startswith("m")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("drawing.svg", SVG, "image/svg+xml"),
        ("drawing.png", SVG, "image/png"),
        ("page.png", b"<html><script>alert(1)</script></html>", "image/png"),
        ("empty.png", b"", "image/png"),
        ("cut.png", png((60, 40))[:40], "image/png"),
        ("lamp.jpg", png((60, 40)), "image/jpeg"),
        ("lamp.php", png((60, 40)), "image/png"),
    ],
    ids=["drawing", "drawing called picture", "page", "empty", "cut off", "another kind", "program"],
)
def test_what_is_no_picture_is_refused(name: str, content: bytes, kind: str, edith: Client) -> None:
    answer = upload(edith, name, content, kind)

    assert answer["success"] is False
    assert not StoreImage.objects.exists()


@pytest.mark.parametrize("side", [8_000, 12_000, 20_000])
def test_a_small_file_that_is_a_huge_picture_is_refused(side: int, edith: Client) -> None:
    buffer = BytesIO()
    Image.new("1", (side, side)).save(buffer, "PNG")
    assert len(buffer.getvalue()) < 200_000

    answer = upload(edith, "bomb.png", buffer.getvalue(), "image/png")

    assert answer["success"] is False
    assert not StoreImage.objects.exists()


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "run.exe", "script.js", "noname"])
def test_a_document_that_a_browser_could_run_is_refused(name: str, edith: Client) -> None:
    response = edith.post(
        "/cms/documents/multiple/add/",
        {"files[]": SimpleUploadedFile(name, b"<script>alert(1)</script>", "text/html"), "collection": ""},
        headers={"x-requested-with": "XMLHttpRequest"},
    )

    assert json.loads(response.content)["success"] is False
    assert not StoreDocument.objects.exists()


# Doors that stay shut


@pytest.mark.parametrize("address", ["/cms/login/", "/_util/login/"])
def test_every_sign_in_is_the_one(address: str, client: Client, home: HomePage) -> None:
    response = client.get(f"{address}?next=/cms/pages/", headers={"host": "aurora.example"})

    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/cms/pages/")


def test_the_editor_sends_strangers_to_the_sign_in(client: Client, home: HomePage) -> None:
    response = client.get("/cms/pages/", headers={"host": "aurora.example"}, follow=True)

    assert response.redirect_chain == [
        ("/cms/login/?next=/cms/pages/", 302),
        ("/accounts/login/?next=/cms/pages/", 302),
    ]


@pytest.mark.parametrize("role", [None, Role.ORDERS])
def test_whoever_is_signed_in_and_no_editor_is_refused_and_not_sent_round_in_circles(
    role: Role | None, home: HomePage
) -> None:
    visitor = signed_in(editor(role=role) if role else a_buyer())

    response = visitor.get("/cms/", follow=True)

    assert (response.status_code, [address for address, _ in response.redirect_chain]) == (
        403,
        ["/cms/login/?next=/cms/"],
    )


def test_an_editor_who_asks_for_the_sign_in_gets_on(edith: Client) -> None:
    response = edith.get("/cms/login/", follow=True)

    assert response.redirect_chain[-1] == ("/cms/", 302)


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_sign_in_leads_to_the_editor_and_nowhere_else(target: str, client: Client, home: HomePage) -> None:
    response = client.get("/cms/login/", {"next": target}, headers={"host": "aurora.example"})

    assert response["Location"] == "/accounts/login/?next=/cms/"


@pytest.mark.parametrize(
    "path",
    [
        "users/",
        "users/new/",
        "groups/",
        "groups/new/",
        "bulk/accounts/user/assign_role/",
        "password_reset/",
        "sites/",
        "sites/new/",
        "locales/",
        "api/main/images/",
        "product_chooser/create/",
    ],
)
def test_not_even_an_owner_finds_what_is_not_for_merchants(path: str, home: HomePage) -> None:
    owner = signed_in(editor(role=Role.OWNER))

    assert owner.get(f"/cms/{path}").status_code == 404


@pytest.mark.parametrize("path", ["/api/v2/pages/", "/api/v3/pages/"])
def test_wagtails_interface_for_machines_is_not_there(path: str, home: HomePage, client: Client) -> None:
    assert client.get(path, headers={"host": "aurora.example"}).status_code == 404


# The stranger


def test_somebody_without_a_role_is_not_let_in(home: HomePage) -> None:
    client = signed_in(User.objects.create_user("stranger@example.com", "correct horse battery"))

    assert client.get("/cms/pages/", follow=True).status_code == 403


def test_another_merchants_editor_is_nobody_here(home: HomePage, lumen: Merchant) -> None:
    with merchant_scope(lumen.pk):
        theirs = signed_in(editor(email="theirs@example.com"), host="lumen.example")

    response = theirs.get(f"/cms/pages/{home.pk}/edit/", headers={"host": "aurora.example"})

    assert response["Location"].startswith("/cms/login/")
    assert Page.objects.get(pk=home.pk).title == "Aurora"
