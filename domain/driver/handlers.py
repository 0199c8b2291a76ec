"""How each command on a driver's record is decided. That no trip stands in the way is the store's to say."""

from datetime import timedelta

from domain.driver import messages as m
from domain.driver.state import DriverState
from domain.kernel import Context, Event, Refusal

MAX_ABSENCES = 100
MAX_FEEDS = 5
MAX_ABSENCE = timedelta(days=366)


def register(_: None, command: m.RegisterDriver, context: Context) -> tuple[Event, ...]:
    """Take a driver on."""
    _must_make_sense(command.duty)
    return (
        m.DriverRegistered(
            driver_id=context.own_id(),
            name=command.name,
            licences=tuple(dict.fromkeys(command.licences)),
            duty=command.duty,
            member_id=command.member_id,
        ),
    )


def revise(state: DriverState, command: m.ReviseDriver, _: Context) -> tuple[Event, ...]:
    """Change licences or duty times."""
    _must_be_ours(state)
    _must_make_sense(command.duty)
    licences = tuple(dict.fromkeys(command.licences))
    if (state.licences, state.duty) == (licences, command.duty):
        return ()
    return (m.DriverRevised(licences=licences, duty=command.duty, reason=command.reason),)


def plan_absence(state: DriverState, command: m.PlanAbsence, context: Context) -> tuple[Event, ...]:
    """Keep the driver from being dispatched; absences do not overlap."""
    _must_drive(state)
    if not context.now < command.ends_at or not timedelta() < command.ends_at - command.starts_at <= MAX_ABSENCE:
        raise _window_refused(
            f"须在将来结束且不超过{MAX_ABSENCE.days}天", f"end ahead, after at most {MAX_ABSENCE.days} days"
        )
    if any(a.starts_at < command.ends_at and command.starts_at < a.ends_at for a in state.absences.values()):
        raise _window_refused("与已登记的请假重叠", "overlap no other absence")
    if len(state.absences) >= MAX_ABSENCES:
        raise Refusal("too_many", zh=f"最多{MAX_ABSENCES}次未销假", en=f"At most {MAX_ABSENCES} open absences.")
    return (
        m.AbsencePlanned(
            absence_id=context.new_id("absence"),
            starts_at=command.starts_at,
            ends_at=command.ends_at,
            reason=command.reason,
        ),
    )


def end_absence(state: DriverState, command: m.EndAbsence, _: Context) -> tuple[Event, ...]:
    """The driver is back."""
    if command.absence_id not in state.absences:
        raise Refusal(
            "absence_unknown", zh="没有这次请假", en="There is no such absence.", kind="value", field="absence_id"
        )
    return (m.AbsenceEnded(absence_id=command.absence_id, note=command.note),)


def suspend(state: DriverState, command: m.SuspendDriver, context: Context) -> tuple[Event, ...]:
    """No driving from now on; trips that he still has are swapped first."""
    _must_drive(state)
    return (m.DriverSuspended(since=context.now, reason=command.reason),)


def reinstate(state: DriverState, command: m.ReinstateDriver, _: Context) -> tuple[Event, ...]:
    """Driving again."""
    if state.status != "suspended":
        raise _wrong_status(state)
    return (m.DriverReinstated(note=command.note),)


def let_go(state: DriverState, command: m.LetDriverGo, context: Context) -> tuple[Event, ...]:
    """The driver leaves."""
    _must_be_ours(state)
    return (m.DriverLeft(since=state.out_since or context.now, reason=command.reason),)


def issue_feed(state: DriverState, command: m.IssueFeed, context: Context) -> tuple[Event, ...]:
    """Give out an address; where the driver is known as a member, to himself alone."""
    _must_be_ours(state)
    if state.member_id is not None and context.actor.id != state.member_id:
        raise Refusal(
            "not_the_driver",
            zh="日历订阅地址只发给驾驶员本人",
            en="Only the driver gets the address of his calendar.",
            clause="R3.2.2",
            kind="forbidden",
        )
    if len(state.feeds) >= MAX_FEEDS:
        raise Refusal("too_many", zh=f"最多{MAX_FEEDS}个订阅地址", en=f"At most {MAX_FEEDS} addresses.")
    return (m.FeedIssued(feed_id=context.new_id("feed"), token_hash=command.token_hash, issued_by=context.actor.id),)


def revoke_feed(state: DriverState, command: m.RevokeFeed, context: Context) -> tuple[Event, ...]:
    """Take an address back."""
    if command.feed_id not in state.feeds:
        raise Refusal(
            "feed_unknown", zh="没有这一订阅地址", en="There is no such address.", kind="value", field="feed_id"
        )
    return (m.FeedRevoked(feed_id=command.feed_id, revoked_by=context.actor.id),)


def _must_make_sense(duty: tuple[m.DutyTime, ...]) -> None:
    for place, time in enumerate(duty):
        if time.to_minute <= time.from_minute:
            raise Refusal(
                "duty_refused",
                zh="值班结束须晚于开始",
                en="Duty must end after it begins.",
                kind="value",
                field=f"duty.{place}.to_minute",
            )


def _must_be_ours(state: DriverState) -> None:
    if state.status == "left":
        raise _wrong_status(state)


def _must_drive(state: DriverState) -> None:
    if state.status != "on_duty":
        raise _wrong_status(state)


def _wrong_status(state: DriverState) -> Refusal:
    return Refusal(
        "wrong_status",
        zh="驾驶员当前状态不能这样办理",
        en="This can not be done with the driver as he stands.",
        clause="R3.2.2",
        details={"status": state.status},
    )


def _window_refused(zh: str, en: str) -> Refusal:
    return Refusal("window_refused", zh=f"请假时段{zh}", en=f"An absence must {en}.", kind="value", field="starts_at")
