"""What was written to whom, and what became of it."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import DetailView

from shop.dashboard.lists import FoundList
from shop.dashboard.stores import shown_reach
from shop.messages.models import Message
from shop.messages.querysets import MessageQuerySet
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from .forms import MessageFilterForm

SEE = "messaging.view_message"


class MessageListView(FoundList):
    template_name = "dashboard/messages.html"
    context_object_name = "sent"
    form_class = MessageFilterForm

    def found(self, said: dict[str, Any]) -> QuerySet[Message]:
        messages = Message.objects.filter(**{name: value for name, value in said.items() if value})
        return shown_reach(self.request, SEE).within(messages).select_related("store", "order")


class MessageView(DetailView):
    request: StaffRequest
    template_name = "dashboard/message.html"
    context_object_name = "message"

    def get_queryset(self) -> QuerySet[Message]:
        return reach_of(self.request.user, SEE).within(Message.objects.select_related("store", "order"))


def messages_seen(request: StaffRequest) -> MessageQuerySet:
    """Those within the reach of whoever looks; none for who may see none."""
    if not request.user.has_perm(SEE):
        return Message.objects.none()
    return reach_of(request.user, SEE).within(Message.objects.no_trials())  # type: ignore[return-value]
