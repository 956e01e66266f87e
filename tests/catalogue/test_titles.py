from shop.catalogue.models import Product


def test_a_variant_is_called_by_its_parents_title_and_its_own() -> None:
    parent = Product(structure=Product.PARENT, title="Lavender oil")

    assert Product(structure=Product.CHILD, parent=parent, title="100 ml").get_title() == "Lavender oil, 100 ml"


def test_a_variant_without_a_title_is_called_as_its_parent() -> None:
    parent = Product(structure=Product.PARENT, title="Lavender oil")

    assert Product(structure=Product.CHILD, parent=parent).get_title() == "Lavender oil"


def test_any_other_product_has_its_own_title() -> None:
    assert Product(structure=Product.STANDALONE, title="Towel").get_title() == "Towel"
