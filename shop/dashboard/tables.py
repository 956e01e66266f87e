from oscar.apps.dashboard import tables as oscars


class DashboardTable(oscars.DashboardTable):
    """Stacked on a telephone, as our own tables are."""

    class Meta(oscars.DashboardTable.Meta):
        attrs = {"class": "table board-cards"}
