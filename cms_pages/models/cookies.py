from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import RichTextField

from ..blocks.text import LINE


@register_setting(icon="check", order=140)
class CookieNotice(BaseSiteSetting):
    """What a store that asks for consent to cookies says; another text asks everybody anew."""

    text = RichTextField(_("text"), features=LINE, blank=True, help_text=_("Our own words, if left empty."))
    policy = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("page about privacy"),
    )

    panels = [FieldPanel("text"), PageChooserPanel("policy")]

    class Meta:
        verbose_name = _("cookie notice")
