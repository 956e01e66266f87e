"""Django's PostgreSQL backend, taught about the scope.

Two things, both so that packages need not know of merchants:

- what runs after commit (`transaction.on_commit`) runs in the scope that registered it;
- migrations see the constraints that the plan rewrote as their packages wrote them, and make new ones per merchant.

And two that spare each request round trips: a transaction begins and is told its merchant in one, and a connection that
was used just now is not asked whether it still works.
"""
