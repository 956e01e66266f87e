from oscar.apps.dashboard.vouchers import apps

from ..denied import NOBODY


class VouchersDashboardConfig(apps.VouchersDashboardConfig):
    name = "shop.dashboard.vouchers"
    default_permissions = NOBODY
