"""Who handles customers' complaints and the fines that follow (R11)."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import CORRECTS, HEARS, OBJECTS, OWN_MATTERS, PRINTS, READS

ROLES: tuple[Role, ...] = (
    Role(
        name="service_desk",
        title=Text(zh="客服接待", en="Service desk"),
        permissions=READS
        | OWN_MATTERS
        | PRINTS
        | OBJECTS
        | grants(
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
        permissions=READS
        | OWN_MATTERS
        | PRINTS
        | OBJECTS
        | grants(
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
        permissions=READS
        | OWN_MATTERS
        | CORRECTS
        | OBJECTS
        | grants(
            complaint=(
                "assign_complaint instruct_complaint attribute_lateness close_unfounded refer_to_accountability"
            ),
            fine="impose_fine",
        ),
    ),
    Role(
        name="director_assistant",
        title=Text(zh="总监助理", en="Director's assistant"),
        permissions=READS
        | PRINTS
        | OWN_MATTERS
        | OBJECTS
        | grants(complaint="assign_complaint instruct_complaint close_unfounded refer_to_accountability"),
    ),
    Role(
        name="deputy_director",
        title=Text(zh="公司副总监", en="Deputy director"),
        permissions=READS
        | CORRECTS
        | OWN_MATTERS
        | OBJECTS
        | grants(complaint="instruct_complaint attribute_lateness refer_to_accountability", fine="revoke_fine"),
    ),
    Role(
        name="personnel",
        title=Text(zh="人事部门", en="Personnel"),
        permissions=HEARS
        | CORRECTS
        | grants(
            penalty_ledger="decide_contest waive_entry", accountability_case="file_with_personnel record_execution"
        ),
    ),
)
