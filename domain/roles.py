"""Who may do what: roles as data, each a set of permissions ``<noun>.<command>``.

A permission that no role holds belongs to internal commands, which the system alone sends.
"""

from collections.abc import Iterable

import msgspec

from domain.kernel import Text

ADMIN = "tenant_admin"
"""The role without which an organisation could not be run; one active member always holds it."""

ADMINISTER_NOTICES = "organisation.administer_notices"
"""To set where notices go, and to see and replay what could not be delivered."""
OPEN_SEAL = "sealed_identity.open"
"""To open what an anonymous reporter left under seal; the service sends the command, once it knows who is barred."""
BEYOND_COMMANDS = frozenset({ADMINISTER_NOTICES, OPEN_SEAL})
"""Permissions of what is no command: settings that hold secrets are kept beside the events, not in them."""


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A part people play in an organisation (角色), and what it may do."""

    name: str
    title: Text
    permissions: frozenset[str]


def _grants(**commands: str) -> frozenset[str]:
    """Permissions from ``noun="command another"``."""
    return frozenset(f"{noun}.{command}" for noun, listed in commands.items() for command in listed.split())


_READS = _grants(
    organisation="read",
    rule_book="read",
    property_project="read",
    assessment="read",
    duty="read",
    inspection_site="read",
    repair_fund="read",
    inspection="read",
    nonconformity="read",
    contract_deposit="read",
    complaint="read",
    penalty_ledger="read",
    fine="read",
    document_register="read",
    vehicle="read",
    driver="read",
    vehicle_booking="read",
    calendar_watch="read",
    unit_settlement="read",
)
_OBJECTS = _grants(penalty_ledger="contest_entry")
"""Whoever can be fined can object."""
_OWN_MATTERS = _grants(
    accountability_case="report_matter add_information request_review declare_recusal request_recusal",
    duty="meet_duty",
)
"""Anyone may report (R4.12), answer for himself (R4.18) and ask for recusal (R4.21), and does what he himself owes; the
case and the duty say for whom."""
_KEEPS_DUTIES = _grants(duty="open_duty revise_duty reassign_duty suspend_duty resume_duty end_duty excuse_lapse")
_ANSWERS = _grants(
    inspection="state_defence",
    nonconformity="raise_nonconformity record_telling correct_on_the_spot report_done complete_action",
)
"""Whoever works on a project speaks for his work and corrects it."""
_INSPECTS = _ANSWERS | _grants(
    inspection_site="plan_inspection",
    inspection=(
        "begin_inspection hear_self_report record_point decide_defence complete_inspection cancel_inspection "
        "review_record spread_practice"
    ),
    nonconformity="plan_correction verify_correction add_action",
)
_DIRECTS = _INSPECTS | _grants(nonconformity="handle_overdue decide_liability approve_liability")
_KEEPS_FUND = _grants(
    repair_fund="open_fund receive_contribution spend_fund reverse_booking publish_statement",
    fee_account="read open_fee_account change_owner charge_fee receive_fee reverse_fee_entry",
)
_KEEPS_SITES = _grants(inspection_site="register_site revise_register appoint_posts apply_rules close_site")
_HEARS = _READS | _OWN_MATTERS | _grants(accountability_case="read")
"""Who handles accountability cases sees them; others do not."""
_PRINTS = _grants(document="draw_document")
"""Whoever deals with people has papers to hand them."""
_CORRECTS = _PRINTS | _grants(document="void_document")

_AUDITED = ("contact", "fee_account", "access_log", "evidence_file", "accountability_case", "sealed_identity")

OTHER_READS = _grants(access_log="read")
"""Permissions to read what is no aggregate."""

ROLES: tuple[Role, ...] = (
    Role(
        name=ADMIN,
        title=Text(zh="系统管理员", en="Administrator"),
        permissions=_READS
        | _grants(
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
        permissions=_READS
        | _OWN_MATTERS
        | _grants(rule_book="draft_version revise_draft withdraw_draft record_review_without_change"),
    ),
    Role(
        name="rules_publisher",
        title=Text(zh="办法发布人", en="Rules publisher"),
        permissions=_READS
        | _OWN_MATTERS
        | _grants(rule_book="adopt_pack publish_version record_review_without_change"),
    ),
    Role(
        name="registrar",
        title=Text(zh="项目登记员", en="Project registrar"),
        permissions=_READS | _OWN_MATTERS | _grants(property_project="register_project revise_project replace_roster"),
    ),
    Role(
        name="assessor",
        title=Text(zh="后勤服务中心考核员", en="Assessor of the logistics centre"),
        permissions=_READS
        | _OWN_MATTERS
        | _grants(
            property_project="open_month draw_representatives replace_roster confirm_correction",
            assessment=(
                "record_finding confirm_finding_corrected record_upheld_complaint record_veto_incident "
                "submit_content_result issue_ballot_links cast_ballot void_ballot close_survey close_assessment"
            ),
            complaint="uphold_complaint",
        ),
    ),
    Role(
        name="property_department",
        title=Text(zh="物业管理部", en="Property department of the headquarters"),
        permissions=_READS | _OWN_MATTERS | _grants(duty="excuse_lapse") | _INSPECTS,
    ),
    Role(
        name="company_manager",
        title=Text(zh="物业公司经理", en="Manager of the property company"),
        permissions=_READS | _OWN_MATTERS | _OBJECTS | _KEEPS_DUTIES | _DIRECTS | _KEEPS_SITES,
    ),
    Role(
        name="project_head",
        title=Text(zh="项目负责人", en="Project head"),
        permissions=_READS | _OWN_MATTERS | _OBJECTS | _KEEPS_DUTIES | _DIRECTS | _KEEPS_SITES,
    ),
    Role(
        name="supervisor",
        title=Text(zh="专业主管", en="Specialty supervisor"),
        permissions=_READS | _OWN_MATTERS | _OBJECTS | _INSPECTS | _grants(nonconformity="decide_liability"),
    ),
    Role(
        name="area_lead",
        title=Text(zh="区域负责人", en="Area lead"),
        permissions=_READS | _OWN_MATTERS | _OBJECTS | _INSPECTS,
    ),
    Role(
        name="operator",
        title=Text(zh="操作员工", en="Operator"),
        permissions=_READS | _OWN_MATTERS | _OBJECTS | _ANSWERS,
    ),
    Role(
        name="department",
        title=Text(zh="职能部门", en="Department"),
        permissions=_READS
        | _OWN_MATTERS
        | _grants(
            assessment="record_finding confirm_finding_corrected record_upheld_complaint submit_content_result",
            complaint="reply_to_consultation sign_by_department",
        ),
    ),
    Role(
        name="leader",
        title=Text(zh="考核领导小组", en="Leading group"),
        permissions=_READS
        | _OWN_MATTERS
        | _CORRECTS
        | _grants(
            property_project="confirm_correction terminate_contract reinstate_contract dispose_equipment end_contract",
            assessment="overturn_finding overturn_complaint record_veto_incident overturn_veto_incident void_ballot",
            complaint="overturn_upheld",
        ),
    ),
    Role(
        name="finance",
        title=Text(zh="财务", en="Finance"),
        permissions=_READS
        | _PRINTS
        | _KEEPS_FUND
        | _OWN_MATTERS
        | _grants(
            property_project="dispose_equipment",
            contract_deposit="receive_deposit receive_top_up refund_excess release_deposit",
            penalty_ledger="settle_entry",
            unit_settlement="decide_line correct_line close_settlement reopen_settlement",
        ),
    ),
    Role(
        name="service_desk",
        title=Text(zh="客服接待", en="Service desk"),
        permissions=_READS
        | _OWN_MATTERS
        | _PRINTS
        | _OBJECTS
        | _grants(
            complaint=(
                "lodge_complaint assign_complaint promise_date pause_complaint resume_complaint rate_complaint "
                "reopen_complaint withdraw_complaint"
            ),
            contact="read keep_contact revise_contact",
        ),
    ),
    Role(
        name="handler",
        title=Text(zh="投诉经办人", en="Complaint handler"),
        permissions=_READS
        | _OWN_MATTERS
        | _PRINTS
        | _OBJECTS
        | _grants(
            complaint=(
                "start_work record_progress consult_department escalate_complaint propose_solution answer_customer "
                "promise_date pause_complaint resume_complaint settle_complaint write_to_reporter"
            ),
            contact="read",
        ),
    ),
    Role(
        name="sales_director",
        title=Text(zh="销售总监", en="Sales director"),
        permissions=_READS
        | _OWN_MATTERS
        | _CORRECTS
        | _OBJECTS
        | _grants(
            complaint=(
                "assign_complaint instruct_complaint attribute_lateness close_unfounded refer_to_accountability"
            ),
            fine="impose_fine",
        ),
    ),
    Role(
        name="director_assistant",
        title=Text(zh="总监助理", en="Director's assistant"),
        permissions=_READS
        | _PRINTS
        | _OWN_MATTERS
        | _OBJECTS
        | _grants(complaint="assign_complaint instruct_complaint close_unfounded refer_to_accountability"),
    ),
    Role(
        name="deputy_director",
        title=Text(zh="公司副总监", en="Deputy director"),
        permissions=_READS
        | _CORRECTS
        | _OWN_MATTERS
        | _OBJECTS
        | _grants(complaint="instruct_complaint attribute_lateness refer_to_accountability", fine="revoke_fine"),
    ),
    Role(
        name="personnel",
        title=Text(zh="人事部门", en="Personnel"),
        permissions=_HEARS
        | _CORRECTS
        | _grants(
            penalty_ledger="decide_contest waive_entry", accountability_case="file_with_personnel record_execution"
        ),
    ),
    Role(
        name="staff",
        title=Text(zh="教职工", en="Member of staff"),
        permissions=_OWN_MATTERS | _OBJECTS | _grants(organisation="read", rule_book="read"),
    ),
    Role(
        name="accountability_office",
        title=Text(zh="问责领导小组办公室", en="Accountability office"),
        permissions=_HEARS
        | _CORRECTS
        | _grants(
            accountability_case=(
                "register_matter answer_reporter name_respondent record_relative link_handled_case "
                "record_verification propose_accountability record_obstruction request_merge serve_decision "
                "record_execution file_with_personnel decide_review close_case"
            ),
            complaint="refer_to_accountability",
        ),
    ),
    Role(
        name="leading_group",
        title=Text(zh="问责领导小组", en="Accountability leading group"),
        permissions=_HEARS
        | _grants(
            accountability_case=(
                "name_respondent decide_initiation form_team decide_extension record_obstruction give_opinion "
                "decide_recusal order_recusal decide_review"
            )
        ),
    ),
    Role(
        name="investigator",
        title=Text(zh="问责调查组", en="Accountability investigator"),
        permissions=_HEARS
        | _grants(
            accountability_case=(
                "name_respondent record_relative request_extension record_obstruction submit_investigation_report"
            )
        ),
    ),
    Role(
        name="committee_secretary",
        title=Text(zh="党委常委会、院务会秘书", en="Secretary of the committee or the meeting"),
        permissions=_HEARS | _grants(accountability_case="resolve decide_review"),
    ),
    Role(
        name="unit_applicant",
        title=Text(zh="用车申请人", en="Applicant for vehicles"),
        permissions=_READS | _grants(vehicle_booking="request_vehicle change_request cancel_booking"),
    ),
    Role(
        name="unit_leader",
        title=Text(zh="用车单位分管领导", en="Unit leader in charge"),
        permissions=_READS | _grants(vehicle_booking="sign_request decline_request cancel_booking"),
    ),
    Role(
        name="unit_handler",
        title=Text(zh="用车单位经办人", en="Unit handler"),
        permissions=_READS
        | _grants(
            vehicle_booking="request_vehicle change_request cancel_booking sign_order object_to_order",
            unit_settlement="contest_line",
        ),
    ),
    Role(
        name="dispatcher",
        title=Text(zh="车辆调度员", en="Dispatcher"),
        permissions=_READS
        | _PRINTS
        | _grants(
            vehicle=(
                "register_vehicle revise_vehicle plan_maintenance end_maintenance take_for_repair return_to_service "
                "record_odometer"
            ),
            driver="register_driver revise_driver plan_absence end_absence issue_feed revoke_feed",
            vehicle_booking=(
                "refuse_request dispatch_vehicle swap_dispatch displace_booking extend_trip cancel_booking "
                "record_no_show complete_order start_trip"
            ),
        ),
    ),
    Role(
        name="centre_head",
        title=Text(zh="车辆中心负责人", en="Head of the vehicle centre"),
        permissions=_READS
        | _grants(
            vehicle="retire_vehicle replace_vehicle",
            driver="suspend_driver reinstate_driver let_driver_go",
            vehicle_booking="approve_exception reject_exception displace_booking",
        ),
    ),
    Role(
        name="driver",
        title=Text(zh="驾驶员", en="Driver"),
        permissions=_READS
        | _grants(vehicle_booking="start_trip complete_order record_no_show", driver="issue_feed revoke_feed"),
    ),
    Role(
        name="auditor",
        title=Text(zh="审计", en="Auditor"),
        permissions=_READS | _grants(**dict.fromkeys(_AUDITED, "read")),
    ),
    Role(
        name="custodian",
        title=Text(zh="举报人身份保管员", en="Custodian of reporters' identities"),
        permissions=_grants(organisation="read", sealed_identity="read open"),
    ),
)


_BY_NAME = {role.name: role for role in ROLES}
ROLE_NAMES = tuple(_BY_NAME)


def role_of(name: str) -> Role | None:
    """The role of a name, or none."""
    return _BY_NAME.get(name)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """What the roles may do together; a name that is no longer a role grants nothing."""
    return frozenset().union(*(_BY_NAME[name].permissions for name in roles if name in _BY_NAME))
