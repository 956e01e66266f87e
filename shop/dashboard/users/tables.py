from django_tables2 import BooleanColumn
from oscar.apps.dashboard.users import tables as oscars


class UserTable(oscars.UserTable):
    """Signs, where Oscar's says `True` and `False` in every language."""

    active = BooleanColumn(accessor="is_active")
    staff = BooleanColumn(accessor="is_staff")

    class Meta(oscars.UserTable.Meta):
        pass
