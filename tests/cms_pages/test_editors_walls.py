"""What an editor can't reach: every address of the content editor, asked with the ids of what is not theirs."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from cms_pages.doors import shut
from shop.catalogue.models import Category
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.belongings import MARK, SOUGHT, Belongings, belongings_of, rows_of_content
from tests.cms_pages.editors import editor, signed_in

pytestmark = pytest.mark.django_db

SETTINGS = ("cookienotice", "storedetails", "storelook", "storemenus", "storenotice")
PAGE_TYPES = ("contactpage", "textpage")


def routes() -> Iterator[str]:
    """Every route below /cms/ that takes something in its path."""

    def below(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if getattr(pattern, "callback", None) is shut:
                continue
            route = prefix + str(pattern.pattern)
            yield from below(pattern, route) if isinstance(pattern, URLResolver) else [route]

    found = {route for route in below(get_resolver()) if route.startswith("cms/") and re.search(r"[<(]", route)}
    return iter(sorted(found - {"cms/^.*/$"}))


def paths(route: str, theirs: Belongings) -> list[str]:
    """The addresses that a route makes of somebody's ids."""
    simple = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route.replace("\\.", ".").rstrip("$"))
    simple = simple.replace("^", "")
    names = re.findall(r"<(?:\w+:)?(\w+)>", simple)
    filled = []
    for values in product(*(values_of(name, route, theirs) for name in names)):
        path = simple
        for value in values:
            path = re.sub(r"<(?:\w+:)?\w+>", str(value), path, count=1)
        filled.append(f"/{path}")
    return filled


def values_of(name: str, route: str, theirs: Belongings) -> list[object]:
    """What stands for a parameter; a name that nobody thought of fails the test."""
    if name in ("pk", "object_id"):
        kinds = {"cms/settings/": "site", "cms/collections/": "collection", "cms/product_chooser/": "product"}
        kinds |= {"cms/category_chooser/": "category", "cms/images/": "image", "cms/documents/": "document"}
        kinds |= {"cms/api/main/^documents": "document", "cms/api/main/^images": "image", "cms/users/": "site"}
        kinds |= {"cms/groups/": "site", "cms/workflows/": "site"}
        kind = next((kind for prefix, kind in kinds.items() if route.startswith(prefix)), "page")
        return [getattr(theirs, kind)]
    known: dict[str, list[object]] = {
        "page_id": [theirs.page],
        "page_pk": [theirs.page],
        "parent_page_id": [theirs.home],
        "page_to_move_id": [theirs.page],
        "destination_id": [theirs.home],
        "revision_id": [theirs.revision],
        "revision_id_a": [theirs.revision],
        "revision_id_b": ["live"],
        "image_id": [theirs.image],
        "document_id": [theirs.document],
        "doc_id": [theirs.document],
        "collection_id": [theirs.collection],
        "redirect_id": [theirs.redirect],
        "uploaded_file_id": [1],
        "session_id": [1],
        "task_id": [1],
        "task_state_id": [1],
        "workflow_pk": [1],
        "workflow_state_id": [1],
        "filter_spec": ["original"],
        "action_name": ["publish"],
        "action": ["delete", "publish", "move"],
        "uidb64": ["MQ"],
        "token": ["x-y"],
    }
    if name in known:
        return known[name]
    is_setting, is_bulk = route.startswith("cms/settings/"), route.startswith("cms/bulk/")
    if name in ("content_type_app_name", "app_label", "app_name"):
        return ["wagtailcore", "cms_pages"] if is_bulk else ["cms_pages"]
    if name in ("content_type_model_name", "model_name"):
        return list(SETTINGS if is_setting else ("page", "storeimage", "storedocument") if is_bulk else PAGE_TYPES)
    raise AssertionError(f"What stands for {name} in {route}?")


def requests(theirs: Belongings) -> list[str]:
    """Every address with somebody's ids, in its path or behind its question mark."""
    in_paths = [path for route in routes() for path in paths(route, theirs)]
    kinds = {"/page/": theirs.page, "/storeimage/": theirs.image, "/storedocument/": theirs.document}
    bulk = [f"{path}?id={i}" for path in in_paths if "/bulk/" in path for kind, i in kinds.items() if kind in path]
    choosers = {"choose-page": "page", "product_chooser": "product", "category_chooser": "category"}
    choosers |= {"images/chooser": "image", "documents/chooser": "document"}
    chosen = [f"/cms/{name}/chosen-multiple/?id={getattr(theirs, kind)}" for name, kind in choosers.items()]
    lists = [f"/cms/{name}/?q={SOUGHT}" for name in ("product_chooser/results", "category_chooser/results")]
    lists += [f"/cms/{name}/?q={SOUGHT}" for name in ("images/chooser/results", "documents/chooser/results")]
    lists += [f"/cms/{name}/?q={SOUGHT}" for name in ("images", "documents", "pages/search", "choose-page/search")]
    lists += [f"/cms/{name}/" for name in ("", "pages", "choose-page", "forms", "redirects", "collections", "images")]
    lists += [f"/cms/{name}/" for name in ("images/chooser", "documents/chooser", "product_chooser", "documents")]
    lists += [f"/cms/reports/{name}/" for name in ("locked", "site-history", "aging-pages", "page-types-usage")]
    lists += [f"/cms/api/main/{kind}/" for kind in ("pages", "images", "documents")]
    lists += [f"/cms/api/main/pages/?child_of={theirs.home}&for_explorer=1", "/cms/tag-autocomplete/?term=X"]
    lists += [f"/cms/forms/submissions/{theirs.page}/?export=csv"]
    return [*in_paths, *bulk, *chosen, *[path.replace("//", "/") for path in lists]]


def leaks(client: Client, theirs: Belongings, *, method: str) -> list[str]:
    """The addresses that show something of theirs, or seem to have done something with it."""
    found, client.raise_request_exception = [], False
    for path in requests(theirs):
        data = {"title": "Mine", "next": "/cms/", "delete": "yes", "name": "Mine", "id": str(theirs.page)}
        response = client.get(path) if method == "GET" else client.post(path, data)
        body = b"" if response.streaming else response.content
        if response.status_code >= 500 or MARK.encode() in body:
            found.append(f"{method} {path} {response.status_code}")
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_of_another_merchant_is_to_be_had(method: str, aurora_store: Store, lumen: Merchant) -> None:
    with merchant_scope(lumen.pk):
        theirs = belongings_of(Store.objects.select_related("site__root_page").get())
        before = rows_of_content()

    found = leaks(signed_in(editor()), theirs, method=method)

    assert not found, "\n".join(found)
    with merchant_scope(lumen.pk):
        assert rows_of_content() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_of_another_store_is_to_be_had_by_who_edits_one(method: str, aurora_store: Store) -> None:
    other = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    theirs = belongings_of(other, category=Category.add_root(name="Shared"))
    edith = editor(aurora_store)
    before = rows_of_content()

    found = leaks(signed_in(edith), theirs, method=method)

    assert not found, "\n".join(found)
    assert rows_of_content() == before


# Wagtail's view that shows a picture in another size leaves its file to the garbage collector.
@pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_the_same_addresses_show_it_to_who_may_see_it(aurora_store: Store) -> None:
    theirs = belongings_of(aurora_store)

    found = leaks(signed_in(editor()), theirs, method="GET")

    assert len(found) > 40
    assert not [path for path in found if path.endswith(" 500")]
