"""For addresses that no map of permissions names."""

NOBODY = ["dashboard.nobody"]
"""A permission that no model has."""
