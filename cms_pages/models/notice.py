from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from ..blocks import LinkBlock


@register_setting(icon="warning", order=120)
class StoreNotice(BaseSiteSetting):
    """The line above everything: free delivery, holidays, a sale. Without a text there is none."""

    text = models.CharField(_("text"), max_length=140, blank=True)
    link = StreamField([("link", LinkBlock())], blank=True, max_num=1, verbose_name=_("leads to"))
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    panels = [
        FieldPanel("text"),
        FieldPanel("link"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")], _("Shown")),
    ]

    class Meta:
        verbose_name = _("announcement")

    def clean(self) -> None:
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("This is before it begins.")})
