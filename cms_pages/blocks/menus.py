"""Entries of a store's menus, nested one level."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from .links import LinkBlock


class MenuItemBlock(LinkBlock):
    lists_subcategories = blocks.BooleanBlock(
        required=False, label=_("With its sub-categories"), help_text=_("Of a category; they follow the catalogue.")
    )
    children = blocks.ListBlock(LinkBlock(), default=[], max_num=20, label=_("Below it"))

    class Meta:
        icon = "link"
        label = _("Entry")


class ColumnBlock(blocks.StructBlock):
    title = blocks.CharBlock(max_length=60, label=_("Title"))
    links = blocks.ListBlock(LinkBlock(), min_num=1, max_num=10, label=_("Links"))

    class Meta:
        icon = "list-ul"
        label = _("Column")
