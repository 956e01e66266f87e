"""The limits of the rules as the catalogue's own columns set them."""

from oscar.core.loading import get_model

from .rules import Limits

Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")


def limits_of_the_catalogue() -> Limits:
    price = StockRecord._meta.get_field("price")
    return Limits(
        sku=StockRecord._meta.get_field("partner_sku").max_length,
        title=Product._meta.get_field("title").max_length,
        barcode=Product._meta.get_field("upc").max_length,
        category=Category._meta.get_field("name").max_length,
        product_type=ProductClass._meta.get_field("name").max_length,
        price_digits=price.max_digits,
        price_decimals=price.decimal_places,
    )
