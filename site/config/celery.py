"""Background work: the application, and what a task brings along and leaves behind."""

import os
import time
from typing import Any

import structlog
from celery import Celery, Task
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun
from structlog.contextvars import bind_contextvars, unbind_contextvars

from config.logs import milliseconds_since
from shop.audit.origin import current_origin
from shop.stores.tasks import HEADER as MERCHANT

REQUEST = "stoa_request"

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

app = Celery("stoa", task_cls="shop.stores.tasks:MerchantTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add("shop.outbox.sweeper:Sweeper")


@setup_logging.connect
def keep_our_logging(**_: Any) -> None:
    """Celery would put handlers of its own in place of ours, unless somebody listens here."""


@before_task_publish.connect
def send_request_id(headers: dict[str, Any], **_: Any) -> None:
    headers.setdefault(REQUEST, current_origin().request_id)


@task_prerun.connect
def say_whose_task_it_is(task_id: str, task: Task, **_: Any) -> None:
    """Every line that the task logs names it, its merchant and the request that started it."""
    task.request.stoa_started = time.perf_counter()
    bind_contextvars(task=task.name, task_id=task_id)
    if not task.request.is_eager:
        bind_contextvars(merchant=task.request.get(MERCHANT), request_id=task.request.get(REQUEST))


@task_postrun.connect
def log_task(task: Task, state: str | None, **_: Any) -> None:
    """A line for each task, as for each request; its arguments and its result may be somebody's data."""
    duration_ms = milliseconds_since(task.request.stoa_started)
    structlog.get_logger("stoa.task").info("task", state=state, duration_ms=duration_ms)
    unbind_contextvars("task", "task_id")
    if not task.request.is_eager:
        unbind_contextvars("merchant", "request_id")
