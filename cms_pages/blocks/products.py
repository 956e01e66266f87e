"""Products on a page. A block says which it wants; `cms_pages.shelves` loads those of all blocks together."""

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from shop.catalogue.models import Product
from shop.catalogue.shown import Listed
from shop.recommendations.queries import beside_product, most_bought
from shop.stores.models import Store

from ..choosers import product_chooser
from .links import CategoryChooserBlock

ProductChooserBlock = product_chooser.get_block_class(name="ProductChooserBlock", module_path=__name__)


class ShownProducts(blocks.StructValue):
    """The value of a block with products: `shown` are those that the store shows, once the page stocked its shelf."""

    shown: list[Listed] = []


class ShowsProducts(blocks.StructBlock):
    """Base of the blocks whose products are loaded with those of the page's other blocks."""

    class Meta:
        value_class = ShownProducts

    def wanted(self, value: ShownProducts, store: Store) -> list[int]:
        """The ids of the products to show, in order; those that the store doesn't show fall out later."""
        raise NotImplementedError


class ProductsBlock(ShowsProducts):
    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    products = blocks.ListBlock(ProductChooserBlock(), min_num=1, max_num=24, label=_("Products"))

    class Meta:
        icon = "pick"
        label = _("Products")
        template = "cms_pages/blocks/products.html"

    def wanted(self, value: ShownProducts, store: Store) -> list[int]:
        return [product.pk for product in value["products"] if product]


class CategoryProductsBlock(ShowsProducts):
    category = CategoryChooserBlock(label=_("Category"))
    heading = blocks.CharBlock(
        required=False, max_length=120, label=_("Heading"), help_text=_("The category's name, if left empty.")
    )
    count = blocks.IntegerBlock(default=8, min_value=1, max_value=24, label=_("How many"))

    class Meta:
        icon = "grip"
        label = _("Products of a category")
        template = "cms_pages/blocks/category_products.html"

    def wanted(self, value: ShownProducts, store: Store) -> list[int]:
        if not (category := value["category"]):
            return []
        inside = category.get_descendants_and_self().browsable()
        sold = Product.objects.browsable().for_store(store).filter(categories__in=inside).distinct()
        return list(sold.order_by("-priority", "title", "pk").values_list("pk", flat=True)[: value["count"]])


class RecommendedProductsBlock(ShowsProducts):
    """What is computed from the store's orders and products, as it stands when the page is looked at."""

    class Kind(TextChoices):
        BOUGHT = "bought", _("Often bought together with the product")
        SIMILAR = "similar", _("Similar to the product")
        MOST = "most", _("Bought most in this store")

    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    kind = blocks.ChoiceBlock(choices=Kind.choices, default=Kind.MOST, label=_("Which"))
    product = ProductChooserBlock(required=False, label=_("Product"))
    count = blocks.IntegerBlock(default=4, min_value=1, max_value=12, label=_("How many"))

    class Meta:
        icon = "pick"
        label = _("Recommended products")
        template = "cms_pages/blocks/products.html"

    def wanted(self, value: ShownProducts, store: Store) -> list[int]:
        return self._found(value, store)[: value["count"]]

    def _found(self, value: ShownProducts, store: Store) -> list[int]:
        if value["kind"] == self.Kind.MOST:
            return most_bought(store, most=value["count"])
        if not (product := value["product"]):
            return []
        beside = beside_product(product.parent_id or product.pk, store)
        return beside.bought if value["kind"] == self.Kind.BOUGHT else beside.similar

    def clean(self, value: ShownProducts) -> ShownProducts:
        value = super().clean(value)
        if value["kind"] != self.Kind.MOST and not value["product"]:
            raise blocks.StructBlockValidationError({"product": ValidationError(_("Please choose a product."))})
        return value


class CategoriesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(required=False, max_length=120, label=_("Heading"))
    categories = blocks.ListBlock(CategoryChooserBlock(), min_num=1, max_num=12, label=_("Categories"))

    class Meta:
        icon = "folder-open-inverse"
        label = _("Categories")
        template = "cms_pages/blocks/categories.html"
