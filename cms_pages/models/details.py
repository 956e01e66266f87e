from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from ..blocks.social import ProfileBlock


@register_setting(icon="mail", order=130)
class StoreDetails(BaseSiteSetting):
    """Where a store is to be found and asked, as its footer and its pages show it."""

    about = models.TextField(_("about the store"), blank=True, max_length=250, help_text=_("At the foot of each page."))
    email = models.EmailField(_("e-mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), max_length=300, blank=True)
    hours = models.TextField(_("opening hours"), max_length=300, blank=True)
    profiles = StreamField([("profile", ProfileBlock())], blank=True, max_num=8, verbose_name=_("social networks"))

    panels = [FieldPanel(name) for name in ("about", "email", "phone", "address", "hours", "profiles")]

    class Meta:
        verbose_name = _("contact details")
