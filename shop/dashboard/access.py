"""Who may open a page of the dashboard, asked by the page's name.

Oscar's own way makes the page's address and looks through all addresses for it: sixty times for one menu.
"""

from typing import Any

from oscar.apps.dashboard.nav import _dashboard_url_names_to_config
from oscar.views.decorators import check_permissions

from shop.accounts.models import User


def may_open(user: User, name: str | None, args: Any = None, kwargs: Any = None) -> bool:
    """What `default_access_fn` says: whether this user may open the page; a heading, which has no name, is for all.

    What the address holds makes no difference. Raises KeyError where the dashboard has no such page.
    """
    if name is None:
        return True
    page = name.rpartition(":")[2]
    return check_permissions(user, _dashboard_url_names_to_config()[page].get_permissions(page))
