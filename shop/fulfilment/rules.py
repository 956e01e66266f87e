"""In which states of an order what may be done with it."""

from shop.order.statuses import OrderStatus as S

SHIPPABLE = frozenset({S.AUTHORISED, S.PENDING, S.PAID, S.PROCESSING, S.PARTLY_SHIPPED})
"""Nothing is sent that has to be paid first and is neither paid nor set aside, or that somebody is to look at."""
CANCELLABLE = frozenset({S.AWAITING_PAYMENT, S.AUTHORISED, S.PENDING, S.HELD, S.PAID, S.PROCESSING, S.PARTLY_SHIPPED})
HOLDABLE = frozenset(status for status in S if status.leads_to(S.HELD))
STARTABLE = frozenset(status for status in S if status.leads_to(S.PROCESSING) and status != S.HELD)
LEFT_TO_BUYERS = frozenset({S.AWAITING_PAYMENT, S.AUTHORISED, S.PENDING, S.PAID})
"""What a buyer may cancel: nobody has begun to work on it."""
