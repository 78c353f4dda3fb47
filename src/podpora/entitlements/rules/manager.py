"""Who gets the whole License Manager (ORG-7)."""

from podpora.base.decisions import Decision, refuse
from podpora.catalog.values import ManagerFor
from podpora.entitlements.values import COMPANY_LICENCE_NEEDED


def may_use_manager(*, is_company: bool, has_pro: bool, given_to: ManagerFor) -> Decision:
    """Members, teams, bulk work and Server settings: for companies with a PRO licence that runs or never ends, also after support ended.

    `has_pro`: does any licence of the customer give the right to run PRO now? `given_to`: the vendor's setting.
    """
    if given_to is ManagerFor.EVERYONE or (is_company and has_pro):
        return Decision()
    return refuse(COMPANY_LICENCE_NEEDED)
