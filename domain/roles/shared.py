"""Sets of permissions that several roles hold."""

from domain.roles.role import grants

READS = grants(
    organisation="read",
    rule_book="read",
    property_project="read",
    assessment="read",
    duty="read",
    inspection_site="read",
    repair_fund="read",
    fee_period="read",
    inspection="read",
    nonconformity="read",
    purchased_good="read",
    goods_receipt="read",
    goods_stock="read",
    contract_deposit="read",
    complaint="read",
    penalty_ledger="read",
    fine="read",
    document_register="read",
    vehicle="read",
    driver="read",
    vehicle_booking="read",
    dispatch_proposal="read",
    calendar_watch="read",
    unit_settlement="read",
    service_department="read",
    quality_sheet="read",
    quality_goal="read",
    quality_report="read",
    liaison_sheet="read",
    award_application="read",
)
OBJECTS = grants(penalty_ledger="contest_entry")
"""Whoever can be fined can object."""
OWN_MATTERS = grants(
    accountability_case="report_matter add_information request_review declare_recusal request_recusal",
    duty="meet_duty",
    quality_sheet="file_sheet amend_sheet submit_sheets",
    quality_goal="record_measurement correct_measurement",
    quality_report="complete_measure",
    liaison_sheet="answer_liaison",
)
"""Anyone may report (R4.12), answer for himself (R4.18) and ask for recusal (R4.21), and does what he himself owes; the
case, the duty, the sheet, the goal and the measure say for whom."""
LIAISES = grants(liaison_sheet="issue_liaison return_answer close_liaison")
"""Whoever speaks for a department turns to others (R15.6)."""
KEEPS_DUTIES = grants(duty="open_duty revise_duty reassign_duty suspend_duty resume_duty end_duty excuse_lapse")
ANSWERS = grants(
    inspection="state_defence",
    nonconformity="raise_nonconformity record_telling correct_on_the_spot report_done complete_action",
)
"""Whoever works on a project speaks for his work and corrects it."""
INSPECTS = ANSWERS | grants(
    inspection_site="plan_inspection",
    inspection=(
        "begin_inspection hear_self_report record_point decide_defence complete_inspection cancel_inspection "
        "review_record spread_practice"
    ),
    nonconformity="plan_correction verify_correction add_action",
)
DIRECTS = INSPECTS | grants(nonconformity="handle_overdue decide_liability approve_liability")
KEEPS_FUND = grants(
    repair_fund="open_fund receive_contribution spend_fund reverse_booking publish_statement",
    fee_account="reverse_fee_entry book_bank_payment",
    fee_book=(
        "read name_book confirm_handover record_difference settle_difference appoint_supplier pass_on "
        "record_expenditure reverse_book_entry publish_accounts"
    ),
)
KEEPS_ACCOUNTS = grants(
    fee_account="read open_fee_account change_owner revise_area set_standing_item end_standing_item charge_fee "
    "charge_service record_reading"
)
"""Who keeps what units are charged."""
CLOSES_PERIODS = grants(fee_period="open_fee_period decide_price close_fee_period")
TAKES_FEES = grants(fee_account="read receive_fee", fee_book="read hand_over")
OVERSEES_FEES = grants(fee_account="read", fee_book="read")
KEEPS_SITES = grants(inspection_site="register_site revise_register appoint_posts apply_rules close_site")
HEARS = READS | OWN_MATTERS | grants(accountability_case="read")
"""Who handles accountability cases sees them; others do not."""
PRINTS = grants(document="draw_document")
"""Whoever deals with people has papers to hand them."""
CORRECTS = PRINTS | grants(document="void_document")

AUDITED = (
    "contact",
    "fee_account",
    "fee_book",
    "access_log",
    "evidence_file",
    "accountability_case",
    "sealed_identity",
)
