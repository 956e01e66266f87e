"""Every dialect there is, by the name that a payment keeps."""

from .contract import Dialect
from .own import Own
from .paypal import PayPal
from .stripe import Stripe

DIALECTS: dict[str, Dialect] = {"own": Own(), "stripe": Stripe(), "paypal": PayPal()}
