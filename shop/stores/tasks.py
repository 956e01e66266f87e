"""Background work carries the id of its merchant and opens the scope itself."""

from typing import Any

from celery import Task

from .scope import current_merchant_id, merchant_scope, remembered_merchant, required_merchant_id

HEADER = "stoa_merchant"


class MerchantTask(Task):
    """Base of every task: sent from a scope, run in the same one. Raises `NoScope` when sent from none."""

    def apply_async(self, *args: Any, **options: Any) -> Any:
        headers = {**(options.pop("headers", None) or {}), HEADER: required_merchant_id()}
        return super().apply_async(*args, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        merchant_id = self._merchant_id()
        if merchant_id is None:
            return super().__call__(*args, **kwargs)
        with merchant_scope(merchant_id):
            return super().__call__(*args, **kwargs)

    def _merchant_id(self) -> int | None:
        sent = (self.request.headers or {}).get(HEADER) or getattr(self.request, HEADER, None)
        return sent or current_merchant_id()


class SteppedTask(MerchantTask):
    """Holds no transaction: it opens `own_scope` for each of its steps, so that their progress is seen."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with remembered_merchant(self._merchant_id()):
            return self.run(*args, **kwargs)
