from oscar.apps.dashboard.offers import apps

from ..denied import NOBODY


class OffersDashboardConfig(apps.OffersDashboardConfig):
    name = "shop.dashboard.offers"
    default_permissions = NOBODY
