"""Who runs the organisation itself: its members, its rules, its audit."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import (
    AUDITED,
    CLOSES_PERIODS,
    KEEPS_ACCOUNTS,
    KEEPS_FUND,
    OBJECTS,
    OWN_MATTERS,
    PRINTS,
    READS,
    TAKES_FEES,
)

ADMIN = "tenant_admin"
"""The role without which an organisation could not be run; one active member always holds it."""

ROLES: tuple[Role, ...] = (
    Role(
        name=ADMIN,
        title=Text(zh="系统管理员", en="Administrator"),
        permissions=READS
        | grants(
            organisation=(
                "revise_profile set_calendar adopt_statutory_year set_numbering add_member rename_member grant_role "
                "assign_department revoke_role disable_member enable_member administer_notices"
            ),
            rule_book="adopt_pack",
        ),
    ),
    Role(
        name="rules_drafter",
        title=Text(zh="办法起草人", en="Rules drafter"),
        permissions=READS
        | OWN_MATTERS
        | grants(rule_book="draft_version revise_draft withdraw_draft record_review_without_change"),
    ),
    Role(
        name="rules_publisher",
        title=Text(zh="办法发布人", en="Rules publisher"),
        permissions=READS | OWN_MATTERS | grants(rule_book="adopt_pack publish_version record_review_without_change"),
    ),
    Role(
        name="finance",
        title=Text(zh="财务", en="Finance"),
        permissions=READS
        | PRINTS
        | KEEPS_FUND
        | KEEPS_ACCOUNTS
        | CLOSES_PERIODS
        | TAKES_FEES
        | OWN_MATTERS
        | grants(
            property_project="dispose_equipment",
            contract_deposit="receive_deposit receive_top_up refund_excess release_deposit",
            penalty_ledger="settle_entry",
            unit_settlement="decide_line correct_line close_settlement reopen_settlement",
        ),
    ),
    Role(
        name="staff",
        title=Text(zh="教职工", en="Member of staff"),
        permissions=OWN_MATTERS | OBJECTS | grants(organisation="read", rule_book="read"),
    ),
    Role(
        name="auditor",
        title=Text(zh="审计", en="Auditor"),
        permissions=READS | grants(**dict.fromkeys(AUDITED, "read")),
    ),
    Role(
        name="custodian",
        title=Text(zh="举报人身份保管员", en="Custodian of reporters' identities"),
        permissions=grants(organisation="read", sealed_identity="read open"),
    ),
)
