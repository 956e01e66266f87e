from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from shop.catalogue.models import ProductAttribute, ProductAttributeValue


@pytest.mark.parametrize(
    ("kind", "value", "english", "german"),
    [
        ("float", 0.18, "0.18", "0,18"),
        ("integer", 30, "30", "30"),
        ("date", date(2026, 3, 1), "1 Mar 2026", "1. März 2026"),
        ("datetime", datetime(2026, 3, 1, 18, 5, tzinfo=UTC), "1 Mar 2026, 6:05 p.m.", "1. März 2026 18:05"),
        ("boolean", True, "Yes", "Ja"),
        ("text", "0.18", "0.18", "0.18"),
    ],
)
def test_a_value_is_written_as_the_reader_writes_it(kind: str, value: object, english: str, german: str) -> None:
    attribute = ProductAttribute(name="Weight", code="weight", type=kind)
    weight = ProductAttributeValue(attribute=attribute, **{f"value_{kind}": value})

    with translation.override("en-gb"):
        assert str(weight.value_as_text) == english
    with translation.override("de"):
        assert str(weight.value_as_text) == german
