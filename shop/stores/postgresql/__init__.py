"""Django's PostgreSQL backend, taught about the scope.

Two things, both so that packages need not know of merchants:

- what runs after commit (`transaction.on_commit`) runs in the scope that registered it;
- migrations see the constraints that the plan rewrote as their packages wrote them, and make new ones per merchant.
"""
