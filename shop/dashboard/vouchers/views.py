"""Voucher sets, counted in one query."""

from typing import Any

from django.db.models import Count, Sum
from oscar.apps.dashboard.vouchers import views as oscars


class VoucherSetListView(oscars.VoucherSetListView):
    template_name = "dashboard/voucher_sets.html"

    def get_queryset(self) -> Any:
        return (
            super()
            .get_queryset()
            .annotate(
                additions=Sum("vouchers__num_basket_additions"),
                orders=Sum("vouchers__num_orders"),
                codes=Count("vouchers"),
            )
        )
