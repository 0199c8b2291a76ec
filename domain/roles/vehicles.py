"""Who asks for vehicles, dispatches, drives and signs (R3)."""

from domain.kernel import Text
from domain.roles.role import Role, grants
from domain.roles.shared import PRINTS, READS

ROLES: tuple[Role, ...] = (
    Role(
        name="unit_applicant",
        title=Text(zh="用车申请人", en="Applicant for vehicles"),
        permissions=READS | grants(vehicle_booking="request_vehicle change_request cancel_booking"),
    ),
    Role(
        name="unit_leader",
        title=Text(zh="用车单位分管领导", en="Unit leader in charge"),
        permissions=READS | grants(vehicle_booking="sign_request decline_request cancel_booking"),
    ),
    Role(
        name="unit_handler",
        title=Text(zh="用车单位经办人", en="Unit handler"),
        permissions=READS
        | grants(
            vehicle_booking="request_vehicle change_request cancel_booking sign_order object_to_order",
            unit_settlement="contest_line",
        ),
    ),
    Role(
        name="dispatcher",
        title=Text(zh="车辆调度员", en="Dispatcher"),
        permissions=READS
        | PRINTS
        | grants(
            vehicle=(
                "register_vehicle revise_vehicle plan_maintenance end_maintenance take_for_repair return_to_service "
                "record_odometer"
            ),
            driver="register_driver revise_driver plan_absence end_absence issue_feed revoke_feed",
            dispatch_proposal="record_proposal",
            vehicle_booking=(
                "refuse_request dispatch_vehicle swap_dispatch displace_booking extend_trip cancel_booking "
                "record_no_show complete_order start_trip"
            ),
        ),
    ),
    Role(
        name="centre_head",
        title=Text(zh="车辆中心负责人", en="Head of the vehicle centre"),
        permissions=READS
        | grants(
            vehicle="retire_vehicle replace_vehicle",
            driver="suspend_driver reinstate_driver let_driver_go",
            vehicle_booking="approve_exception reject_exception dispatch_vehicle displace_booking",
        ),
    ),
    Role(
        name="driver",
        title=Text(zh="驾驶员", en="Driver"),
        permissions=READS
        | grants(vehicle_booking="start_trip complete_order record_no_show", driver="issue_feed revoke_feed"),
    ),
)
