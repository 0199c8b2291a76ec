"""Writes the vehicle centre's month once: ``python -m services.demo.bulk_centre``. The file is committed and loaded.

The seed is fixed. Cars and drivers are given as the dispatch room would: in the order of the ranks, the smallest car
that fits and is free; what no car is left for is refused. What each request comes to is its ``fate``.
"""

import csv
import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from domain.calendar import Calendar, known_years, statutory
from domain.periods import first_day, last_day
from domain.rules.r3 import default_values
from services.demo.centre import COLUMNS, Car, CentreStory, Chauffeur, Request, Unit, centre_story
from services.demo.story import DATA

SEED = "kaohe-demo-centre-1"
CENTRE = "qinghe"
FIRST_FORM, LATE_FORM = time(8, 0), time(16, 30)
DISPATCHING, SECOND_DISPATCHING = time(9, 40), time(16, 46)
APART, SIGNING = timedelta(seconds=20), timedelta(minutes=10)
LAST_FORM = 11
MORNING, AFTERNOON = time(8, 30), time(13, 30)
ENDS = {MORNING: (time(11, 40), time(17, 20)), AFTERNOON: (time(17, 10), time(17, 20))}
KM = {"district": (6, 30), "city": (15, 60), "outside_city": (70, 190), "outside_province": (420, 760)}
TOLLS = {"district": (0,), "city": (0, 0, 500), "outside_city": (2_500, 4_000), "outside_province": (18_000, 24_000)}
SEVERAL = {"collective", "four_bodies", "veterans_by_leaders", "guests"}
SPECIAL = {
    "declined": 3,
    "late": 5,
    "single": 5,
    "single_rejected": 2,
    "trip_approved": 2,
    "trip_rejected": 1,
    "not_signed": 2,
    "not_decided": 1,
    "not_dispatched": 1,
    "cancelled_early": 5,
    "cancelled_late": 4,
    "cancelled_centre": 1,
    "no_show": 4,
    "objected": 3,
    "unsigned": 2,
    "unrecorded": 2,
    "swapped": 3,
    "changed": 3,
    "extended": 2,
    "temporary": 12,
}
"""How many requests of the month come to something else than a plain trip."""
UNDISPATCHED = {"declined", "late", "single_rejected", "trip_rejected", "not_signed", "not_decided", "not_dispatched"}
EARLY = {"cancelled_late", "no_show"}
"""What is told of requests for the morning alone."""
MONTH_BEGINS = 12
"""Requests before the specials begin, so that the month starts as it usually goes."""


def main(target: Path = DATA) -> None:
    """Write the file below a folder."""
    story = centre_story(DATA / CENTRE)
    path = target / CENTRE / "requests.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for request in _Month(story).requests():
            writer.writerow([_cell(value) for value in msgspec.structs.astuple(request)])


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "1" if value else ""
    return value.isoformat() if isinstance(value, datetime) else "" if value is None else value


class _Month:
    """The month as it is invented: its lots, and who has what when."""

    def __init__(self, story: CentreStory) -> None:
        self._story = story
        self._lots = random.Random(SEED)  # noqa: S311 - invented data, not a draw by lot
        self._busy: dict[str, list[tuple[datetime, datetime]]] = {}
        for kept in story.kept_free:
            self._busy.setdefault(kept.what, []).append((kept.begins, kept.ends))
        for out in story.acts:
            if out.do == "take_for_repair":
                back = next(act.at for act in story.acts if act.on == out.on and act.at > out.at)
                # what is in the workshop is not given for the day after, either
                self._busy.setdefault(out.on.partition(":")[2], []).append((out.at, back + timedelta(days=1)))
        self._odometer = {car.plate: car.odometer_km for car in story.vehicles}
        self._ranks = [each.code for each in default_values().priorities]

    def requests(self) -> list[Request]:
        """Everything, in the order of the forms; trips know their odometers."""
        days = _working_days(self._story.month)
        numbers = [self._lots.randint(8, 11) for _ in days]
        fates = [fate for fate, times in SPECIAL.items() for _ in range(times)]
        self._lots.shuffle(fates)
        places = sorted(self._lots.sample(range(MONTH_BEGINS, sum(numbers)), len(fates)))
        special = dict(zip(places, fates, strict=True))
        found: list[Request] = []
        for day, before, count in zip(days, [_before(day) for day in days], numbers, strict=True):
            drawn = [self._drawn(len(found) + place, day, special) for place in range(count)]
            found += self._given(self._filed(drawn, before), before)
        found = self._displaced(found)
        return list(self._driven(found))

    def _drawn(self, place: int, day: date, special: dict[int, str]) -> Request:
        lots, fate = self._lots, special.get(place, "trip")
        unit: Unit = lots.choices(self._story.units, [each.weight for each in self._story.units])[0]
        category = lots.choice(unit.uses)
        collective = category in SEVERAL
        party = lots.choice((6, 12, 15, 30)) if category == "collective" else lots.randint(2, 5) if collective else 2
        area = lots.choices(("district", "city", "outside_city", "outside_province"), (4, 6, 3, 1))[0]
        if fate in {"single", "single_rejected", "not_decided"}:
            category, collective, party, area = "other_official", False, 1, "district"
        if fate == "not_dispatched":
            category, party = "other_official", 2
        trip = fate in {"trip_approved", "trip_rejected"}
        if trip:
            category, collective, party, area = "other_official", False, 1, "outside_city"
        plain = fate == "not_dispatched"  # it goes last, so that nothing is passed over for it
        urgent = lots.random() < 0.1 and not plain  # noqa: PLR2004 - one in ten
        begins = MORNING if fate in EARLY or area.startswith("outside") or lots.random() < 0.6 else AFTERNOON  # noqa: PLR2004
        ends = time(17, 30) if area.startswith("outside") else lots.choice(ENDS[begins])
        back = day + timedelta(days=1) if area == "outside_province" else day
        return Request(
            number=place + 1,
            unit=unit.name,
            category=category,
            purpose=lots.choice(self._story.uses[category]),
            collective=collective,
            party_size=party,
            area=area,
            origin=self._story.places["district"][0],
            destination=lots.choice(self._story.places[area][1:] if area == "district" else self._story.places[area]),
            starts_at=datetime.combine(day, begins),
            ends_at=datetime.combine(back, ends),
            priority=lots.choice(unit.priorities) if lots.random() < 0.6 and not plain else None,  # noqa: PLR2004
            urgent=urgent,
            temporary=fate in {"temporary", "not_dispatched"},
            business_trip=trip,
            filed_at=datetime.combine(day, begins),
            registered_at=datetime.combine(day, begins),
            fate=fate,
        )

    def _filed(self, drawn: list[Request], before: date) -> list[Request]:
        """Forms come in one after the other, those for temporary use and the late ones in the afternoon."""
        found, forms = [], {FIRST_FORM: 0, LATE_FORM: 0}
        for request in drawn:
            afternoon = request.fate == "late" or request.temporary
            clock = LATE_FORM if afternoon else FIRST_FORM
            place = LAST_FORM if request.fate == "not_dispatched" else forms[clock]
            forms[clock] += 1
            day = request.starts_at.date() - timedelta(days=1) if request.fate == "late" else before
            at = datetime.combine(day, clock) + place * APART
            registered = at + SIGNING
            if request.fate == "changed":
                # asked for after the dispatches of the day before that
                at = at.replace(hour=17) - timedelta(days=(before - _before(before)).days)
            found.append(msgspec.structs.replace(request, filed_at=at, registered_at=registered))
        return found

    def _given(self, filed: list[Request], before: date) -> list[Request]:
        """The day's requests with the cars and drivers they get, in the order of their ranks."""
        found = {request.number: request for request in filed}
        for temporary, clock in ((False, DISPATCHING), (True, SECOND_DISPATCHING)):
            wanting = [
                request
                for request in sorted(filed, key=self._order)
                if request.fate not in UNDISPATCHED and request.temporary == temporary
            ]
            for place, request in enumerate(wanting):
                at = datetime.combine(before, clock) + place * APART
                found[request.number] = self._with_car(request, at)
            if not temporary:
                for request in filed:
                    if found[request.number].fate in {"cancelled_early", "cancelled_centre"}:
                        self._free(found[request.number])
        swapped = (self._swapped(request) if request.fate == "swapped" else request for request in found.values())
        return list(swapped)

    def _order(self, request: Request) -> tuple[int, bool, datetime]:
        rank = len(self._ranks) if request.priority is None else self._ranks.index(request.priority)
        return (rank, not request.urgent, request.registered_at)

    def _with_car(self, request: Request, at: datetime) -> Request:
        pair = self._pair(request)
        if pair is None:
            fits = any(car.seats >= request.party_size and self._is_free(car.plate, request) for car in self._cars())
            return msgspec.structs.replace(request, fate="no_driver" if fits else "no_vehicle", dispatched_at=at)
        car, driver = pair
        # nobody sets out with a car whose return is not recorded
        until = request.ends_at + timedelta(days=3 if request.fate == "unrecorded" else 0)
        for each in (car.plate, driver.name):
            self._busy.setdefault(each, []).append((request.starts_at, until))
        off_duty = ""
        if driver.weekdays:
            weekend = request.starts_at.isoweekday() > 5  # noqa: PLR2004 - Saturday and Sunday
            over_night = request.ends_at.date() != request.starts_at.date()
            off_duty = "调休上班" if weekend else "跨日任务" if over_night else ""
        return msgspec.structs.replace(
            request, plate=car.plate, driver=driver.name, dispatched_at=at, off_duty=off_duty
        )

    def _pair(self, request: Request, other_than: str = "") -> tuple[Car, Chauffeur] | None:
        """The smallest car that fits, and the driver with the fewest licences who may drive it."""
        for car in self._cars():
            if car.seats < request.party_size or car.plate == other_than or not self._is_free(car.plate, request):
                continue
            people = sorted(self._story.drivers, key=lambda one: len(one.licences))
            for driver in people:
                if car.licence in driver.licences and self._is_free(driver.name, request):
                    return car, driver
        return None

    def _cars(self) -> list[Car]:
        return sorted(self._story.vehicles, key=lambda car: car.seats)

    def _is_free(self, what: str, request: Request) -> bool:
        return not any(
            begins < request.ends_at and request.starts_at < ends for begins, ends in self._busy.get(what, ())
        )

    def _free(self, request: Request) -> None:
        for what in (request.plate, request.driver):
            self._busy[what].remove((request.starts_at, request.ends_at))

    def _swapped(self, request: Request) -> Request:
        """Another car than the one given, with the same driver, where one is left."""
        for car in self._cars():
            driver = next(each for each in self._story.drivers if each.name == request.driver)
            fits = car.seats >= request.party_size and car.licence in driver.licences
            if fits and car.plate != request.plate and self._is_free(car.plate, request):
                self._busy[request.plate].remove((request.starts_at, request.ends_at))
                self._busy.setdefault(car.plate, []).append((request.starts_at, request.ends_at))
                return msgspec.structs.replace(request, other_plate=car.plate)
        return msgspec.structs.replace(request, fate="trip")

    def _displaced(self, found: list[Request]) -> list[Request]:
        """Once an urgent task of the district takes the car of a request that has a lower class."""
        loser = next(
            request
            for request in found
            if request.fate == "trip"
            and request.priority not in {self._ranks[0], None}
            and request.number > len(found) / 2
            and not self._pair(request)
        )
        before = _before(loser.starts_at.date())
        winner = msgspec.structs.replace(
            loser,
            number=len(found) + 1,
            unit=self._story.units[0].name,
            category="emergencies",
            purpose=self._story.uses["emergencies"][0],
            priority=self._ranks[0],
            urgent=True,
            temporary=True,
            collective=True,
            party_size=min(loser.party_size, 4),
            filed_at=datetime.combine(before, LATE_FORM) + (LAST_FORM + 1) * APART,
            registered_at=datetime.combine(before, LATE_FORM) + (LAST_FORM + 1) * APART + SIGNING,
            fate=f"displaces:{loser.number}",
            dispatched_at=datetime.combine(before, SECOND_DISPATCHING) + (LAST_FORM + 1) * APART,
        )
        lost = msgspec.structs.replace(loser, fate="displaced")
        return [lost if request is loser else request for request in found] + [winner]

    def _driven(self, found: list[Request]) -> Iterator[Request]:
        """What the drivers write down, car by car in the order of their trips."""
        written = {}
        for request in sorted(found, key=lambda one: one.starts_at):
            if request.fate in {*UNDISPATCHED, "no_vehicle", "no_driver", "displaced", *EARLY} or (
                request.fate.startswith("cancelled")
            ):
                continue
            plate = request.other_plate or request.plate
            km, lots = self._lots.randint(*KM[request.area]), self._lots
            later = timedelta(minutes=30) if request.fate == "extended" else timedelta()
            out = self._odometer[plate]
            self._odometer[plate] = out + km
            written[request.number] = msgspec.structs.replace(
                request,
                out_at=request.starts_at + timedelta(minutes=lots.randint(0, 10)),
                back_at=request.ends_at + later - timedelta(minutes=lots.randint(2, 25)),
                odometer_out_km=out,
                odometer_back_km=out + km,
                waiting_minutes=lots.choice((0, 0, 30, 60)),
                tolls_fen=lots.choice(TOLLS[request.area]),
            )
        for request in found:
            yield written.get(request.number, request)


def _calendar() -> Calendar:
    years = [statutory(year) for year in known_years()]
    return Calendar(
        holidays=frozenset[date]().union(*(holidays for holidays, _ in years)),
        makeup_days=frozenset[date]().union(*(makeup for _, makeup in years)),
    )


def _working_days(month: str) -> list[date]:
    first, calendar = first_day(month), _calendar()
    days = (first + timedelta(days=n) for n in range(last_day(month).day))
    return [day for day in days if calendar.is_working_day(day)]


def _before(day: date) -> date:
    """The working day before."""
    calendar, found = _calendar(), day - timedelta(days=1)
    while not calendar.is_working_day(found):
        found -= timedelta(days=1)
    return found


if __name__ == "__main__":
    main()
