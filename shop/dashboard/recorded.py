"""Forms of one model whose every saving stands in the trail."""

from typing import Any, ClassVar

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.generic.detail import SingleObjectTemplateResponseMixin
from django.views.generic.edit import ModelFormMixin, ProcessFormView

from shop.audit.actions import record
from shop.staff.requests import StaffRequest


class RecordedForm(SingleObjectTemplateResponseMixin, ModelFormMixin, ProcessFormView):
    """For Django's CreateView and UpdateView. `success_url` is also the way back without saving."""

    request: StaffRequest
    template_name = "dashboard/form.html"
    title: ClassVar[str | Promise]
    deed: str
    """As the trail calls it: `affiliate.added`."""

    def form_valid(self, form: ModelForm) -> HttpResponse:
        response = super().form_valid(form)
        record(self.deed, by=self.request.user, target=form.instance, **self.details(form))
        messages.success(self.request, _("Saved."))
        return response

    def details(self, form: ModelForm) -> dict[str, Any]:
        """What the trail keeps of it."""
        return {"changed": form.changed_data}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.title, back=self.success_url, **kwargs)
