"""Who watches over quality (R15): the quality department compiles, the general manager approves."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import CORRECTS, INSPECTS, KEEPS_DUTIES, LIAISES, OWN_MATTERS, READS

KEEPS_PROCEDURES = grants(purchased_good="register_good draft_procedure withdraw_procedure")
"""The department that needs a good keeps its procedure; another person approves it."""
INSPECTS_GOODS = grants(goods_receipt="draw_sample record_check conclude_inspection record_trial")

ROLES: tuple[Role, ...] = (
    Role(
        name="storekeeper",
        title=Text(zh="仓库管理员", en="Storekeeper"),
        permissions=READS
        | OWN_MATTERS
        | CORRECTS
        | grants(
            purchased_good="register_delivery",
            goods_receipt="store_goods notify_buyer record_return receive_replacement",
            goods_stock="issue_goods return_goods write_off_goods",
        ),
    ),
    Role(
        name="buyer",
        title=Text(zh="采购员", en="Buyer"),
        permissions=READS | OWN_MATTERS | grants(goods_receipt="answer_rejection"),
    ),
    Role(
        name="goods_inspector",
        title=Text(zh="物品检验员", en="Inspector of goods"),
        permissions=READS | OWN_MATTERS | KEEPS_PROCEDURES | INSPECTS_GOODS,
    ),
    Role(
        name="goods_user",
        title=Text(zh="物品使用部门", en="Department that uses goods"),
        permissions=READS | OWN_MATTERS | KEEPS_PROCEDURES | grants(goods_receipt="record_trial"),
    ),
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
        )
        | KEEPS_PROCEDURES
        | INSPECTS_GOODS
        | grants(purchased_good="approve_procedure", goods_receipt="decide_concession"),
    ),
    Role(
        name="general_manager",
        title=Text(zh="总经理", en="General manager"),
        permissions=READS
        | OWN_MATTERS
        | grants(
            quality_goal="adopt_goals revise_goal",
            quality_report="approve_report return_report",
            purchased_good="approve_procedure",
            goods_receipt="decide_concession",
        ),
    ),
)
