"""Paying through a gateway: what every one can do (`contract.py`), and what we do with it."""
