from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ..colours import AA_TEXT, validate_hex
from ..panels import ColourInput
from ..stylesheets import Corners, Typeface, palette_of

COLOURS = ("brand", "paper", "ink")


@register_setting(icon="view", order=100)
class StoreLook(BaseSiteSetting):
    """The logo, colours, type and corners of a store; what is empty is as its theme has it."""

    logo = models.ForeignKey(
        "cms_pages.StoreImage",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("logo"),
        help_text=_("On a transparent ground, at least 96 pixels high. The store's name stands there if left empty."),
    )
    brand = models.CharField(_("brand colour"), max_length=7, blank=True, validators=[validate_hex])
    paper = models.CharField(_("ground"), max_length=7, blank=True, validators=[validate_hex])
    ink = models.CharField(_("text colour"), max_length=7, blank=True, validators=[validate_hex])
    display_type = models.CharField(_("headings are set in"), max_length=16, blank=True, choices=Typeface.choices)
    text_type = models.CharField(_("text is set in"), max_length=16, blank=True, choices=Typeface.choices)
    corners = models.CharField(_("corners"), max_length=16, blank=True, choices=Corners.choices)

    select_related = ["logo", "site__store"]

    panels = [
        FieldPanel("logo"),
        MultiFieldPanel([FieldPanel(name, widget=ColourInput) for name in COLOURS], _("Colours")),
        MultiFieldPanel([FieldPanel("display_type"), FieldPanel("text_type"), FieldPanel("corners")], _("Shape")),
    ]

    class Meta:
        verbose_name = _("look")

    def clean(self) -> None:
        """Refuse colours in which a text could not be read (WCAG 2.1 AA), together with those of the theme."""
        super().clean()
        for name in COLOURS:
            setattr(self, name, getattr(self, name).lower())
        palette = palette_of(self)
        problems = {}
        if palette.weakest_text() < AA_TEXT:
            problems["ink"] = _unreadable(palette.weakest_text())
        elif palette.weakest_brand() < AA_TEXT:
            problems["brand"] = _unreadable(palette.weakest_brand())
        if problems:
            raise ValidationError(problems)


def _unreadable(ratio: float) -> ValidationError:
    return ValidationError(
        _("Text would be hard to read on this ground: a contrast of %(ratio).1f, and %(least).1f is needed."),
        code="contrast",
        params={"ratio": ratio, "least": AA_TEXT},
    )
