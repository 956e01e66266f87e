"""Price files in the background. Either may run twice: the second finds the file in another state, and does nothing."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from shop.stores.tasks import MerchantTask

from . import actions
from .models import PriceFile
from .progress import shown_on

logger = logging.getLogger(__name__)


@shared_task(base=MerchantTask)
def compare_file(price_file_id: int) -> None:
    _work(actions.compare, price_file_id)


@shared_task(base=MerchantTask)
def publish_file(price_file_id: int) -> None:
    _work(actions.publish, price_file_id)


def _work(work: Callable[..., PriceFile], price_file_id: int) -> None:
    """What fails is rolled back, logged, and said on the page of the file, where it can be started again."""
    price_file = PriceFile.objects.filter(pk=price_file_id).first()
    if price_file is None:
        return
    try:
        with transaction.atomic(), shown_on(price_file_id) as progress:
            work(price_file, progress=progress)
    except Exception:
        logger.exception("price file %s stopped", price_file_id)
        actions.note_failure(price_file_id, _("It stopped by an error of ours, and nothing was changed."))
