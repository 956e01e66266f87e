from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.contrib.forms.models import FORM_FIELD_CHOICES, AbstractFormField, FormMixin, FormSubmission
from wagtail.contrib.forms.panels import FormSubmissionsPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from shop.audit.origin import current_origin

from ..actions import send_to_store
from ..blocks.text import LINE
from ..contact import BAIT, ContactFormBuilder, accepts_from
from .base import StorePage

SENT = "sent"


class ContactPage(FormMixin, StorePage):
    """A form whose answers are kept, and mailed to the store."""

    introduction = RichTextField(_("introduction"), features=LINE, blank=True)
    thanks = RichTextField(_("thanks"), features=LINE, blank=True, help_text=_("Shown once the message is sent."))
    mail_to = models.EmailField(_("mail to"), blank=True, help_text=_("The store's own address, if left empty."))

    content_panels = [
        FormSubmissionsPanel(),
        *StorePage.content_panels,
        FieldPanel("introduction"),
        InlinePanel("form_fields", label=_("Field"), heading=_("Fields")),
        FieldPanel("thanks"),
        FieldPanel("mail_to"),
    ]

    search_fields = [*StorePage.search_fields, index.SearchField("introduction")]

    parent_page_types = ["cms_pages.HomePage"]
    subpage_types = []

    template = "cms_pages/contact_page.html"
    form_builder = ContactFormBuilder

    class Meta:
        verbose_name = _("contact page")
        verbose_name_plural = _("contact pages")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; when it was sent, the thanks at an address of its own, so that reloading sends nothing twice."""
        if request.method != "POST":
            return self._page(request, self.get_form(page=self, user=request.user))
        form = self.get_form(request.POST, page=self, user=request.user)
        if not form.is_valid():
            return self._page(request, form, status=422)
        if form.is_from_robot:
            return redirect(f"{self.get_url(request)}?{SENT}")
        if not accepts_from(current_origin().address, page_id=self.pk):
            form.add_error(None, _("You sent us several messages just now. Please try again in a few minutes."))
            return self._page(request, form, status=429)
        self.process_form_submission(form)
        return redirect(f"{self.get_url(request)}?{SENT}")

    def process_form_submission(self, form: forms.Form) -> FormSubmission:
        submission = super().process_form_submission(form)
        send_to_store(submission)
        return submission

    def render_landing_page(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The preview of the thanks."""
        return TemplateResponse(request, self.template, {**self.get_context(request), "is_sent": True})

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "bait": BAIT}

    def _page(self, request: HttpRequest, form: forms.Form, status: int = 200) -> HttpResponse:
        context = {**self.get_context(request), "form": form, "is_sent": SENT in request.GET}
        return TemplateResponse(request, self.template, context, status=status)


class ContactField(AbstractFormField):
    page = ParentalKey(ContactPage, on_delete=models.CASCADE, related_name="form_fields")
    field_type = models.CharField(
        _("kind"), max_length=16, choices=[choice for choice in FORM_FIELD_CHOICES if choice[0] != "hidden"]
    )
