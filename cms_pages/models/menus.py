from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from ..blocks import LinkBlock
from ..blocks.menus import ColumnBlock, MenuItemBlock


@register_setting(icon="list-ul", order=110)
class StoreMenus(BaseSiteSetting):
    """The ways through a store: at its head, at its foot, and to what the law asks for."""

    main = StreamField([("item", MenuItemBlock())], blank=True, max_num=9, verbose_name=_("main menu"))
    footer = StreamField([("column", ColumnBlock())], blank=True, max_num=4, verbose_name=_("columns of the footer"))
    legal = StreamField([("link", LinkBlock())], blank=True, max_num=8, verbose_name=_("last line of the footer"))

    panels = [FieldPanel("main"), FieldPanel("footer"), FieldPanel("legal")]

    class Meta:
        verbose_name = _("menus")
