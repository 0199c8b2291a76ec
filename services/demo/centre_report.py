"""What the printed page shows of a vehicle centre, read from its read model: units' months, refusals, cars."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domain.kernel import Text
from domain.periods import first_day, last_day, next_month
from projections import fleet_board as fleet
from projections import settlements as settled
from services.demo.story import Organisation
from services.runtime.runtime import Runtime

MAX_ROWS = 1_000


class CentreReport(msgspec.Struct, frozen=True, kw_only=True):
    """The centre's month: bookings by status, each unit's months, why no car was given, what each car did."""

    month: str
    bookings: dict[str, int]
    status_labels: dict[str, Text]
    settlements: tuple[settled.Settlement, ...]
    refusals: tuple[fleet.RefusalCount, ...]
    cars: tuple[fleet.Utilisation, ...]


async def centre_report(runtime: Runtime, tenant: UUID, told: Organisation) -> CentreReport | None:
    """The centre of an organisation, where it has one."""
    if told.centre is None:
        return None
    month = told.centre.story.month
    zone = ZoneInfo((await runtime.configs.refresh(tenant)).calendar.timezone)
    start = datetime.combine(first_day(month), time.min, zone)
    end = datetime.combine(last_day(month) + timedelta(days=1), time.min, zone)
    counted: dict[str, int] = {}
    labels = {}
    async with runtime.database.tenant_transaction(tenant, read_only=True) as connection:
        asked = fleet.bookings_question(tenant, fleet.BookingsAsked())
        for booking in await fleet.bookings(connection, asked, zone):
            counted[booking.status] = counted.get(booking.status, 0) + 1
            labels[booking.status] = booking.status_label
        months = await settled.settlements(connection, settled.question(tenant), zone, MAX_ROWS)
        refusals = await fleet.refusals(connection, fleet.refusals_question(tenant, start - timedelta(days=1), end))
        cars = await fleet.utilisation(connection, fleet.utilisation_question(tenant, start, end), MAX_ROWS)
    return CentreReport(
        month=month,
        bookings=counted,
        status_labels=labels,
        settlements=tuple(each for each in months if each.month <= next_month(month)),
        refusals=tuple(refusals),
        cars=tuple(cars),
    )
