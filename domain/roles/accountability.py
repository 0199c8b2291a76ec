"""Who takes part in accountability cases (R4)."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import CORRECTS, HEARS

ROLES: tuple[Role, ...] = (
    Role(
        name="accountability_office",
        title=Text(zh="问责领导小组办公室", en="Accountability office"),
        permissions=HEARS
        | CORRECTS
        | grants(
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
        permissions=HEARS
        | grants(
            accountability_case=(
                "name_respondent decide_initiation form_team decide_extension record_obstruction give_opinion "
                "decide_recusal order_recusal decide_review"
            )
        ),
    ),
    Role(
        name="investigator",
        title=Text(zh="问责调查组", en="Accountability investigator"),
        permissions=HEARS
        | grants(
            accountability_case=(
                "name_respondent record_relative request_extension record_obstruction submit_investigation_report"
            )
        ),
    ),
    Role(
        name="committee_secretary",
        title=Text(zh="党委常委会、院务会秘书", en="Secretary of the committee or the meeting"),
        permissions=HEARS | grants(accountability_case="resolve decide_review"),
    ),
)
