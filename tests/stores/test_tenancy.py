import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, ProgrammingError, connection, transaction
from oscar.core.loading import get_model
from wagtail.models import Workflow, WorkflowContentType

from shop.stores import tenancy
from shop.stores.catalog import Constraint, read_tables
from shop.stores.checks import tenancy_holds
from shop.stores.errors import UnclassifiedTable
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_every_owned_table_is_walled():
    with connection.cursor() as cursor:
        tables = read_tables(cursor, role=tenancy.runtime_role())

    for name in tenancy.owned_tables():
        assert tables[name].row_security, name
        assert tables[name].policies >= {"stoa_scope", "stoa_owner"}, name
        assert "merchant_id" in tables[name].columns, name
        for key in tables[name].foreign_keys:
            assert key.target not in tenancy.owned_tables() or key.columns[0] == "merchant_id", key.name


def test_shared_tables_can_only_be_read():
    with connection.cursor() as cursor:
        tables = read_tables(cursor, role=tenancy.runtime_role())

    for name in tenancy.SHARED.keys() & tables.keys():
        assert tables[name].privileges == {"SELECT"}, name


def test_nothing_is_pending_after_migrating():
    assert tenancy.pending(connection) == []
    assert tenancy_holds(databases=["default"]) == []
    assert tenancy_holds(databases=None) == []


def test_nothing_is_planned_for_tables_that_are_not_there_yet(monkeypatch):
    """So a package's tables may be migrated before ours."""
    monkeypatch.setattr(tenancy, "read_tables", lambda cursor, *, role: {})
    monkeypatch.setattr(tenancy, "read_views", lambda cursor, *, role: {})

    assert tenancy.pending(connection) == []


def test_the_shared_tables_point_at_no_owned_one():
    with connection.cursor() as cursor:
        tables = read_tables(cursor, role=tenancy.runtime_role())

    pointers = {key.target for name in tenancy.SHARED.keys() & tables.keys() for key in tables[name].foreign_keys}
    assert pointers & tenancy.owned_tables() == set()


def test_an_unclassified_table_is_refused(monkeypatch):
    monkeypatch.setattr(tenancy, "OWNED_APPS", tenancy.OWNED_APPS - {"basket"})

    with pytest.raises(UnclassifiedTable, match="basket_basket"):
        tenancy.pending(connection)
    assert [error.id for error in tenancy_holds(databases=["default"])] == ["stores.E001"]


def test_two_merchants_hold_the_same_slugs_and_codes(aurora, lumen):
    product = get_model("catalogue", "Product")
    product_class = get_model("catalogue", "ProductClass")
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            kind = product_class.objects.create(name="Candle")
            product.objects.create(title="Candle", upc="4006381333931", product_class=kind)

    with merchant_scope(aurora.pk), pytest.raises(IntegrityError), transaction.atomic():
        product.objects.create(title="Candle", upc="4006381333931", product_class=product_class.objects.get())


def test_each_merchant_has_trees_of_its_own(aurora, lumen):
    category = get_model("catalogue", "Category")
    paths = []
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            paths.append(category.add_root(name="Gifts").path)
            for tree in (category, apps.get_model("wagtailcore.Page"), apps.get_model("wagtailcore.Collection")):
                assert tree.find_problems() == ([], [], [], [], [])
    assert paths[0] == paths[1]


def test_the_view_over_every_merchants_categories_is_nobodys():
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_product_category_hierarchy")


def test_a_unique_index_keeps_its_condition_and_its_name():
    index = Constraint(
        "t", "i", ("code",), "CREATE UNIQUE INDEX i ON public.t USING btree (code) WHERE (a)", is_index=True
    )

    assert index.drop() == 'DROP INDEX "i"'
    assert index.create(prefixed_with="merchant_id") == (
        "CREATE UNIQUE INDEX i ON public.t USING btree (merchant_id, code) WHERE (a)"
    )


def test_long_names_stay_within_postgresqls_limit():
    name = tenancy._name("a" * 60, "scope")

    assert len(name) <= 63
    assert name.endswith("_scope")
    assert name != tenancy._name("a" * 61, "scope")


def test_the_countries_of_the_world_are_there_for_everybody_to_read_and_nobody_to_change(in_aurora):
    country = get_model("address", "Country")

    assert country.objects.get(pk="DE").printable_name == "Germany"
    assert country.objects.count() > 240
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        country.objects.update(is_shipping_country=False)


def test_a_key_that_is_a_shared_rows_id_is_each_merchants_own(aurora, lumen):
    content_type = ContentType.objects.get_for_model(get_model("catalogue", "Product"))

    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            WorkflowContentType.objects.create(
                content_type=content_type, workflow=Workflow.objects.create(name="Two eyes")
            )
            assert WorkflowContentType.objects.get().workflow.name == "Two eyes"
