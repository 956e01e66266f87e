"""Pages as whoever sees the store at another moment gets them."""

from django.http import Http404
from wagtail.models import Page

from shop.viewing.models import Viewing


def as_seen(page: Page, viewing: Viewing) -> Page:
    """The page as it will be up at that moment by the schedule of its editors; with drafts, as they left it last.

    What goes up later than that, or has come down by then, is not there. Raises Http404.
    """
    moment, revisions = viewing.seen_at, page.revisions.all()
    if viewing.shows_drafts:
        revision = revisions.order_by("-created_at", "-pk").first()
    else:
        revision = revisions.filter(approved_go_live_at__lte=moment).order_by("-approved_go_live_at", "-pk").first()
    seen = revision.as_object() if revision else page
    is_up = page.live or revision is not None
    if not is_up or (seen.expire_at and seen.expire_at <= moment):
        raise Http404
    return seen
