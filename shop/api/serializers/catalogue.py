"""Products and categories as a store shows them. Who supplies a product, and at what cost, is nobody's business."""

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from oscar.apps.partner.strategy import PurchaseInfo
from rest_framework import serializers

from shop.catalogue.models import Category, Product
from shop.catalogue.prose import prose
from shop.pricing.quantities import ANY_QUANTITY
from shop.search.forms import LONGEST_SEARCH
from shop.stores.fields import LARGEST_ID

from ..pagination import LARGEST_PAGE, PAGE_SIZE
from .money import Price
from .receipts import PriceStep, Receipt, shown_receipt, shown_steps


class ProductsQuery(serializers.Serializer):
    q = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=LONGEST_SEARCH, help_text="Words to look for."
    )
    category = serializers.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, help_text="Only of this category, or below it."
    )
    page_size = serializers.IntegerField(required=False, default=PAGE_SIZE, min_value=1, max_value=LARGEST_PAGE)
    cursor = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000, help_text="From `next` of the page before."
    )


class Image(serializers.Serializer):
    url = serializers.SerializerMethodField()
    caption = serializers.CharField()

    def get_url(self, image: Any) -> str:
        return self.context["request"].build_absolute_uri(image.original.url)


class Prose(serializers.CharField):
    """HTML as the pages show it."""

    def to_representation(self, value: str) -> str:
        return str(prose(value))


class Availability(serializers.Serializer):
    is_available = serializers.BooleanField(source="is_available_to_buy")
    code = serializers.CharField(
        help_text="`instock`, `outofstock`, `available`, `unavailable`; sold ahead: `backorder` or `preorder`."
    )
    message = serializers.CharField(source="short_message")
    promised_on = serializers.SerializerMethodField(
        help_text="When pieces that are not there are expected; null: no day was named, or none is sold ahead."
    )

    @extend_schema_field({"type": "string", "format": "date", "nullable": True})
    def get_promised_on(self, availability: Any) -> str | None:
        day = getattr(availability, "promised_on", None)
        return day and day.isoformat()


class AttributeValue(serializers.Serializer):
    code = serializers.CharField(source="attribute.code")
    name = serializers.CharField(source="attribute.name")
    value = serializers.CharField(source="value_as_text")


class Quantities(serializers.Serializer):
    """In which quantities it is sold: no fewer than the minimum, and in whole packs."""

    minimum = serializers.IntegerField()
    multiple = serializers.IntegerField()


class Sold(serializers.Serializer):
    """What a product and its variants have in common. Prices are those of who asks."""

    id = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    title = serializers.CharField(source="get_title")
    upc = serializers.CharField(allow_null=True)
    price = serializers.SerializerMethodField(help_text="Of a product in variants the lowest; null: not sold now.")
    price_steps = serializers.SerializerMethodField(help_text="Where more pieces cost less each; else empty.")
    quantities = serializers.SerializerMethodField()
    availability = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, product: Product) -> str:
        return self.context["request"].build_absolute_uri(reverse("api:product", args=[product.pk]))

    @extend_schema_field(Price(allow_null=True))
    def get_price(self, product: Product) -> dict[str, str] | None:
        price = self.info(product).price
        return Price(price).data if price.exists else None

    @extend_schema_field(PriceStep(many=True))
    def get_price_steps(self, product: Product) -> list[dict[str, Any]]:
        return shown_steps(self.info(product).price) if not product.is_parent else []

    @extend_schema_field(Quantities)
    def get_quantities(self, product: Product) -> dict[str, int]:
        terms = getattr(self.info(product).availability, "quantities", ANY_QUANTITY)
        return {"minimum": terms.least, "multiple": terms.multiple}

    @extend_schema_field(Availability)
    def get_availability(self, product: Product) -> dict[str, Any]:
        return Availability(self.info(product).availability).data

    def info(self, product: Product) -> PurchaseInfo:
        strategy = self.context["request"].strategy
        return strategy.fetch_for_parent(product) if product.is_parent else strategy.fetch_for_product(product)


class Variant(Sold):
    images = Image(many=True, source="get_all_images")
    attributes = AttributeValue(many=True, source="get_attribute_values")


class ProductSummary(Sold):
    """As lists show it."""

    page = serializers.SerializerMethodField(help_text="Its page in the store.")
    structure = serializers.ChoiceField(choices=Product.STRUCTURE_CHOICES, help_text="A `parent` comes in variants.")
    product_type = serializers.CharField(source="get_product_class.name")
    image = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_page(self, product: Product) -> str:
        return self.context["request"].build_absolute_uri(product.get_absolute_url())

    @extend_schema_field(Image(allow_null=True))
    def get_image(self, product: Product) -> dict[str, str] | None:
        image = next(iter(product.get_all_images()), None)
        return Image(image, context=self.context).data if image else None


class ProductPage(serializers.Serializer):
    next = serializers.URLField(allow_null=True, help_text="The next page; null at the end.")
    results = ProductSummary(many=True)


class CategoryName(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class Option(serializers.Serializer):
    """What the buyer says when it is put into the basket."""

    code = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    required = serializers.BooleanField()


class ProductDetail(ProductSummary):
    image = None
    parent = serializers.IntegerField(source="parent_id", allow_null=True, help_text="Of a variant.")
    description = Prose(help_text="HTML.")
    images = Image(many=True, source="get_all_images")
    attributes = AttributeValue(many=True, source="get_attribute_values")
    options = Option(many=True)
    categories = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField(help_text="Why the price of the smallest quantity is what it is.")
    variants = serializers.SerializerMethodField()

    @extend_schema_field(CategoryName(many=True))
    def get_categories(self, product: Product) -> list[dict[str, Any]]:
        its = Category.objects.browsable().filter(product=product.parent_id or product.pk)
        return CategoryName(its, many=True).data

    @extend_schema_field(Receipt(allow_null=True))
    def get_receipt(self, product: Product) -> dict[str, Any] | None:
        price = self.info(product).price
        return None if product.is_parent or not price.exists else shown_receipt(price.receipt(price.counted.own))

    @extend_schema_field(Variant(many=True))
    def get_variants(self, product: Product) -> list[dict[str, Any]]:
        variants = product.get_public_children() if product.is_parent else []
        return Variant(variants, many=True, context=self.context).data


class CategoryNode(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    description = Prose(help_text="HTML.")
    children = serializers.SerializerMethodField()

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/CategoryNode"}})
    def get_children(self, category: Category) -> list[dict[str, Any]]:
        below = self.context["below"].get(category.path, [])
        return CategoryNode(below, many=True, context=self.context).data
