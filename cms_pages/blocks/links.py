"""Links: to a page, to a category, or to an address; exactly one of them."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Site

from ..addresses import validate_address
from ..choosers import category_chooser

CategoryChooserBlock = category_chooser.get_block_class(name="CategoryChooserBlock", module_path=__name__)

TARGETS = ("page", "category", "address")


class LinkValue(blocks.StructValue):
    """What a template asks of a link; both are empty where what it led to is gone."""

    def href(self, site: Site) -> str:
        """Where it leads, as a page of this site writes it."""
        if page := self["page"]:
            return (page.get_url(current_site=site) or "") if page.live else ""
        if category := self["category"]:
            return category.get_absolute_url() if category.is_public else ""
        return self["address"]

    @property
    def title(self) -> str:
        if self["text"]:
            return self["text"]
        if self["page"]:
            return self["page"].title
        return self["category"].name if self["category"] else self["address"]


class LinkBlock(blocks.StructBlock):
    page = blocks.PageChooserBlock(required=False, label=_("Page"))
    category = CategoryChooserBlock(required=False, label=_("Category"))
    address = blocks.CharBlock(
        required=False,
        label=_("Address"),
        max_length=1000,
        validators=[validate_address],
        help_text=_("/catalogue/, https://…, mailto:… or tel:…"),
    )
    text = blocks.CharBlock(
        required=False, max_length=80, label=_("Text"), help_text=_("The name of what it leads to, if left empty.")
    )

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue

    def clean(self, value: LinkValue) -> LinkValue:
        cleaned = super().clean(value)
        chosen = [name for name in TARGETS if cleaned.get(name)]
        if len(chosen) > 1:
            raise StructBlockValidationError({name: ValidationError(_("Choose one target only.")) for name in chosen})
        if not chosen and not self.is_deferred_validation:
            raise StructBlockValidationError({"page": ValidationError(_("Choose a page, a category or an address."))})
        return cleaned
