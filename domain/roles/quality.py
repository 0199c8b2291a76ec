"""Who watches over quality (R15): the quality department compiles, the general manager approves."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import CORRECTS, INSPECTS, KEEPS_DUTIES, LIAISES, OWN_MATTERS, READS

ROLES: tuple[Role, ...] = (
    Role(
        name="quality_department",
        title=Text(zh="质量管理部", en="Quality department"),
        permissions=READS
        | OWN_MATTERS
        | CORRECTS
        | KEEPS_DUTIES
        | INSPECTS
        | LIAISES
        | grants(
            service_department="register_department revise_department apply_rules close_department",
            quality_goal="plan_goals set_goal drop_goal assess_goals",
            quality_report="compile_report write_report add_measure drop_measure submit_report verify_measure",
            award_application=(
                "prepare_application check_item complete_check submit_application record_result file_application "
                "withdraw_application"
            ),
        ),
    ),
    Role(
        name="general_manager",
        title=Text(zh="总经理", en="General manager"),
        permissions=READS
        | OWN_MATTERS
        | grants(quality_goal="adopt_goals revise_goal", quality_report="approve_report return_report"),
    ),
)
