"""A payment gateway to try things with: it behaves like a real one over HTTP, and no money moves.

It is another party: a process of its own (`python -m shop.testgateway`), with its own books, its own hosted page for
cards and its own signed webhooks. Nothing here knows the shop, Django or a database; the shop knows it by
`shop.payments.gateways.test_gateway` alone, as it knows Stripe and PayPal.
"""
