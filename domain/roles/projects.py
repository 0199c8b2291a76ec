"""Who assesses, inspects and serves property projects (R12 to R15)."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import (
    ANSWERS,
    CORRECTS,
    DIRECTS,
    INSPECTS,
    KEEPS_DUTIES,
    KEEPS_SITES,
    LIAISES,
    OBJECTS,
    OVERSEES_FEES,
    OWN_MATTERS,
    READS,
)

ROLES: tuple[Role, ...] = (
    Role(
        name="registrar",
        title=Text(zh="项目登记员", en="Project registrar"),
        permissions=READS | OWN_MATTERS | grants(property_project="register_project revise_project replace_roster"),
    ),
    Role(
        name="assessor",
        title=Text(zh="后勤服务中心考核员", en="Assessor of the logistics centre"),
        permissions=READS
        | OWN_MATTERS
        | grants(
            property_project="open_month draw_representatives replace_roster confirm_correction",
            assessment=(
                "record_finding confirm_finding_corrected record_upheld_complaint record_veto_incident "
                "submit_content_result issue_ballot_links cast_ballot void_ballot close_survey close_assessment"
            ),
            complaint="uphold_complaint",
        ),
    ),
    Role(
        name="leader",
        title=Text(zh="考核领导小组", en="Leading group"),
        permissions=READS
        | OWN_MATTERS
        | CORRECTS
        | grants(
            property_project="confirm_correction terminate_contract reinstate_contract dispose_equipment end_contract",
            assessment="overturn_finding overturn_complaint record_veto_incident overturn_veto_incident void_ballot",
            complaint="overturn_upheld",
        ),
    ),
    Role(
        name="department",
        title=Text(zh="职能部门", en="Department"),
        permissions=READS
        | OWN_MATTERS
        | LIAISES
        | grants(
            assessment="record_finding confirm_finding_corrected record_upheld_complaint submit_content_result",
            complaint="reply_to_consultation sign_by_department",
        ),
    ),
    Role(
        name="property_department",
        title=Text(zh="物业管理部", en="Property department of the headquarters"),
        permissions=READS | OWN_MATTERS | grants(duty="excuse_lapse") | INSPECTS,
    ),
    Role(
        name="company_manager",
        title=Text(zh="物业公司经理", en="Manager of the property company"),
        permissions=READS | OWN_MATTERS | OBJECTS | KEEPS_DUTIES | DIRECTS | KEEPS_SITES | OVERSEES_FEES,
    ),
    Role(
        name="project_head",
        title=Text(zh="项目负责人", en="Project head"),
        permissions=READS | OWN_MATTERS | OBJECTS | KEEPS_DUTIES | DIRECTS | KEEPS_SITES | OVERSEES_FEES,
    ),
    Role(
        name="supervisor",
        title=Text(zh="专业主管", en="Specialty supervisor"),
        permissions=READS | OWN_MATTERS | OBJECTS | INSPECTS | grants(nonconformity="decide_liability"),
    ),
    Role(
        name="area_lead",
        title=Text(zh="区域负责人", en="Area lead"),
        permissions=READS | OWN_MATTERS | OBJECTS | INSPECTS,
    ),
    Role(
        name="operator",
        title=Text(zh="操作员工", en="Operator"),
        permissions=READS | OWN_MATTERS | OBJECTS | ANSWERS,
    ),
)
