from oscar.apps.dashboard.vouchers import forms as oscars
from oscar.apps.dashboard.vouchers.forms import *  # noqa: F403 - Oscar looks for its other forms here

from shop.dashboard.offers.forms import OfSensibleYears


class VoucherForm(OfSensibleYears, oscars.VoucherForm):
    pass


class VoucherSetForm(OfSensibleYears, oscars.VoucherSetForm):
    pass
