"""Who may do what with a list that they see. Pure."""

from shop.accounts.models import User
from shop.companies.models import Membership

from .models import RequisitionList


def may_change(requisition_list: RequisitionList, *, user: User, membership: Membership | None) -> bool:
    """Put things on it and take them off, and say how many: its maker or, where a company shares it, all who order
    for the company. `membership` is that under which they buy now."""
    if requisition_list.company_id is None:
        return requisition_list.maker_id == user.pk
    is_member = membership is not None and membership.company_id == requisition_list.company_id
    return is_member and membership.rights.may_order  # type: ignore[union-attr]


def may_manage(requisition_list: RequisitionList, *, user: User, membership: Membership | None) -> bool:
    """Rename it, share it, delete it: its maker, and an administrator of the company."""
    if not may_change(requisition_list, user=user, membership=membership):
        return False
    is_administrator = membership is not None and membership.rights.may_administer
    return requisition_list.maker_id == user.pk or (requisition_list.company_id is not None and is_administrator)
