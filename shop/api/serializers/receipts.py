"""Why a price is what it is, for programs and for people."""

from typing import Any

from rest_framework import serializers

from shop.pricing import receipts
from shop.pricing.explanations import explain

from .money import Amount


class Reason(serializers.Serializer):
    title = serializers.CharField()
    text = serializers.CharField(help_text="A sentence in the store's language.")
    source = serializers.CharField(help_text="The row that said so, and its version.")


class Receipt(serializers.Serializer):
    """All that said what a line costs."""

    reasons = Reason(many=True)
    facts = serializers.DictField(help_text="What the price is reckoned from, to be reckoned again; see its `schema`.")


class PriceStep(serializers.Serializer):
    """From so many pieces on, one costs this."""

    quantity = serializers.IntegerField()
    excl_tax = Amount()
    incl_tax = Amount()


def shown_receipt(receipt: receipts.Receipt | None) -> dict[str, Any] | None:
    if receipt is None:
        return None
    return {"reasons": Reason(explain(receipt), many=True).data, "facts": receipt.as_json()}


def shown_steps(price: Any) -> list[dict[str, Any]]:
    """The table of prices by quantity; empty where the price is the same for any."""
    steps = getattr(price, "steps", ())
    rows = (
        {
            "quantity": step.min_quantity,
            "excl_tax": step.quote.unit.shown(with_tax=False),
            "incl_tax": step.quote.unit.shown(with_tax=True),
        }
        for step in steps
    )
    return PriceStep(rows, many=True).data if len(steps) > 1 else []
