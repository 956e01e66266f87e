"""A package's upgrade, rehearsed: its migrations know nothing of merchants and meet rows of two.

The made-up migrations follow those of `partner`: they take a unique constraint away that the plan rewrote, make
others, fill a column in every row, and bring the first constraint back.
"""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from oscar.core.loading import get_model

from shop.partner import migrations as before
from shop.prover.scratch import owner_session
from shop.stores import tenancy
from shop.stores.catalog import read_tables
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

pytestmark = pytest.mark.data

Partner = get_model("partner", "Partner")

INIT = """
from shop.partner import migrations as before

__path__ = [*__path__, *before.__path__]
"""

ALTER = """
from django.db import migrations, models
import oscar.models.fields


class Migration(migrations.Migration):
    dependencies = [("partner", "{latest}")]
    operations = [
        migrations.AlterField("partner", "code", oscar.models.fields.AutoSlugField(populate_from="name", unique=False)),
        migrations.AlterUniqueTogether("partner", {{("code", "name")}}),
        migrations.AddConstraint(
            "partner",
            models.UniqueConstraint("name", condition=models.Q(code__gt=""), name="rehearsed_name"),
        ),
        migrations.AlterUniqueTogether("stockrecord", {{("partner", "partner_sku", "price_currency")}}),
    ]
"""

FILL = """
from django.db import migrations, models


def fill(apps, schema_editor):
    for partner in apps.get_model("partner", "Partner").objects.all():
        partner.note = "was " + partner.name
        partner.save()


class Migration(migrations.Migration):
    dependencies = [("partner", "rehearsal_1_alter")]
    operations = [
        migrations.AddField("partner", "note", models.CharField(max_length=200, null=True)),
        migrations.RunPython(fill),
    ]
"""

RESTORE = """
from django.db import migrations, models
import oscar.models.fields


class Migration(migrations.Migration):
    dependencies = [("partner", "rehearsal_2_fill")]
    operations = [
        migrations.RemoveConstraint("partner", "rehearsed_name"),
        migrations.AlterUniqueTogether("partner", set()),
        migrations.AlterField("partner", "code", oscar.models.fields.AutoSlugField(populate_from="name", unique=True)),
    ]
"""


@pytest.fixture
def package(tmp_path: Path, settings, monkeypatch, own_database: str) -> None:
    """The migrations of `partner`, and behind them the made-up ones."""
    latest = max(path.stem for path in Path(before.__path__[0]).glob("stoa_*.py"))
    folder = tmp_path / "rehearsed_migrations"
    folder.mkdir()
    (folder / "__init__.py").write_text(INIT)
    for name, text in (("1_alter", ALTER.format(latest=latest)), ("2_fill", FILL), ("3_restore", RESTORE)):
        (folder / f"rehearsal_{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, "partner": folder.name}


@pytest.fixture
def merchants(package: None) -> list[int]:
    """Two who hold the same codes and names."""
    ids = [cast_merchant(slug).pk for slug in ("aurora", "lumen")]
    for merchant_id in ids:
        with merchant_scope(merchant_id):
            Partner.objects.create(name="House", code="house")
    return ids


@pytest.mark.parametrize("last", ["rehearsal_1_alter", "rehearsal_2_fill", "rehearsal_3_restore"])
def test_tenancy_is_intact_behind_a_packages_migration(merchants, last):
    call_command("migrate", "partner", last, verbosity=0)

    assert tenancy.pending(connection) == []
    for merchant_id in merchants:
        with merchant_scope(merchant_id):
            assert [partner.name for partner in Partner.objects.all()] == ["House"]
            with pytest.raises(IntegrityError), transaction.atomic():
                Partner.objects.create(name="House", code="house")


def test_a_column_is_filled_in_each_row_and_no_row_changes_hands(merchants, own_database):
    call_command("migrate", "partner", "rehearsal_2_fill", verbosity=0)

    with owner_session(own_database) as owner:
        rows = owner.execute("SELECT merchant_id, note FROM partner_partner ORDER BY merchant_id").fetchall()
    assert rows == [(merchant_id, "was House") for merchant_id in merchants]


def test_every_rewritten_constraint_stands_per_merchant(merchants):
    call_command("migrate", "partner", "rehearsal_1_alter", verbosity=0)

    with connection.cursor() as cursor:
        uniques = read_tables(cursor, role=tenancy.runtime_role())["partner_partner"].uniques
    columns = {unique.columns for unique in uniques if not unique.is_primary}
    assert ("merchant_id", "code", "name") in columns
    assert ("merchant_id", "name") in columns
    assert ("merchant_id", "code") not in columns
