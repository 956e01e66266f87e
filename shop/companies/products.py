"""Products as files and forms name them."""

from shop.catalogue.models import Product


def product_coded(sku: str) -> Product | None:
    """The product of this SKU; None where there is none, or more than one."""
    found = list(Product.objects.filter(stockrecords__partner_sku=sku.strip()).distinct()[:2])
    return found[0] if len(found) == 1 else None
