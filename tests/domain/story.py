"""A year of one tenant in which every kind of event happens, told in commands. The golden events come from it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from domain.assessment import commands as a
from domain.contract_deposit import commands as d
from domain.kernel import derived_id
from domain.organisation import messages as o
from domain.property_project import commands as p
from domain.rule_book import messages as r
from tests.domain import story_accountability as accountability
from tests.domain import story_calendar as days
from tests.domain import story_documents as documents
from tests.domain import story_files, story_goods, story_property, story_quality
from tests.domain import story_service as service
from tests.domain import story_vehicles as vehicles
from tests.domain.world import PEOPLE, RULES, TENANT, World

PROJECT = UUID("00000000-0000-4000-8000-0000000000bb")
DEPOSIT = derived_id(PROJECT, "deposit")


def assessment_of(month):
    """The stream of a month's assessment."""
    return derived_id(PROJECT, "assessment", month)


def whole_year():
    """The world after everything has happened."""
    world = World()
    organise(world)
    documents.number(world)
    adopt_rules(world)
    register(world)
    busy_month(world, "2026-03")
    for month in ("2026-04", "2026-05", "2026-06", "2026-07"):
        failed_month(world, month)
    service.complaints(world, PROJECT, item_code(world))
    documents.corrected(world)
    terminate_and_take_back(world)
    settle_and_end(world)
    service.fined_people(world)
    days.over_new_year(world)
    story_files.files(world)
    story_files.identities(world)
    accountability.cases(world)
    vehicles.centre(world)
    days.known_at_last(world)
    story_property.property_company(world)
    story_quality.quality(world)
    story_goods.purchases(world)
    return world


def organise(world):
    """Set the organisation up and move its people about."""
    provision = o.ProvisionOrganisation(name="示例学院", admin_username="admin", admin_display_name="管理员")
    world.send("organisation", TENANT, provision, "operator")
    (added,) = world.send(
        "organisation", TENANT, o.AddMember(username="zhang.san", display_name="张三", roles=("assessor",))
    )
    member_id = added.member_id
    for command in (
        o.RenameMember(member_id=member_id, display_name="张三丰"),
        o.AssignDepartment(member_id=member_id, department="销售部"),
        o.GrantRole(member_id=member_id, role="auditor"),
        o.RevokeRole(member_id=member_id, role="auditor"),
        o.DisableMember(member_id=member_id, reason="休假"),
        o.EnableMember(member_id=member_id),
        o.ReviseProfile(name="示例职业学院", timezone="Asia/Shanghai", locale="zh"),
        o.SetCalendar(holidays=(date(2026, 12, 31),), makeup_days=(date(2026, 12, 26),)),
    ):
        world.send("organisation", TENANT, command)
    world.send("organisation", TENANT, o.SuspendOrganisation(reason="合同未签"), "operator")
    world.send("organisation", TENANT, o.ResumeOrganisation(reason="合同已签"), "operator")


def adopt_rules(world):
    """Adopt the pack, try a draft, publish another, review."""
    drafter, publisher, _ = PEOPLE
    world.send("rule_book", RULES, r.AdoptPack(regulation="R14", effective_from=date(2026, 3, 1)))
    world.send("rule_book", RULES, r.DraftVersion(changes={"top_up_days": 10}, note="试拟"), person=drafter)
    world.send("rule_book", RULES, r.WithdrawDraft(reason="再议"), person=drafter)
    world.send("rule_book", RULES, r.DraftVersion(changes={"top_up_days": 20}, note="放宽补足期限"), person=drafter)
    world.send("rule_book", RULES, r.ReviseDraft(changes={"correction_days": 20}, note="放宽整改期限"), person=drafter)
    publish = r.PublishVersion(version=2, effective_from=date(2027, 1, 1))
    world.send("rule_book", RULES, publish, person=publisher)
    world.send("rule_book", RULES, r.RecordReviewWithoutChange(note="年度复审"))


def register(world):
    """Register the project with its rosters; the deposit is paid in two parts."""
    command = p.RegisterProject(
        name="东校区物业",
        contractor="某物业公司",
        agreed_deposit_fen=10_000_000,
        contract_from=date(2026, 3, 1),
        contract_to=date(2026, 12, 31),
        starts_month="2026-03",
    )
    world.send("property_project", PROJECT, command)
    revise = p.ReviseProject(name="东校区物业服务", contractor="某物业公司", contract_to=date(2026, 12, 31))
    world.send("property_project", PROJECT, revise)
    staff = tuple(p.Person(code=f"T{n:02}", name=f"教师{n}") for n in range(12))
    students = tuple(p.Person(code=f"S{n:02}", name=f"学生{n}") for n in range(25))
    world.send("property_project", PROJECT, p.ReplaceRoster(group="staff", people=staff))
    world.send("property_project", PROJECT, p.ReplaceRoster(group="students", people=students))
    world.send("contract_deposit", DEPOSIT, d.ReceiveDeposit(amount_fen=4_000_000, reference="收据-1"))
    world.send("contract_deposit", DEPOSIT, d.ReceiveDeposit(amount_fen=6_000_000, reference="收据-2"))


def busy_month(world, month):
    """A month in which everything an assessment knows of happens; an incident fails it."""
    stream = assessment_of(month)
    world.send("property_project", PROJECT, p.OpenMonth(month=month))
    world.send("property_project", PROJECT, p.DrawRepresentatives(month=month, seed="0f" * 16))
    codes = [content.code for content in world.state("assessment", stream).awaited]
    item = item_code(world)
    findings = [
        world.send(
            "assessment",
            stream,
            a.RecordFinding(item_code=item, found_on=date(2026, 3, 2), department="后勤处", note="积灰", minor=minor),
        )[0].finding_id
        for minor in (True, True, False)
    ]
    world.send("assessment", stream, a.ConfirmFindingCorrected(finding_id=findings[0]))
    world.send("assessment", stream, a.OverturnFinding(finding_id=findings[2], reason="误记"))
    complaint = a.RecordUpheldComplaint(complaint_ref="投-1", item_code=item, note="查实")
    world.send("assessment", stream, complaint)
    world.send("assessment", stream, a.OverturnComplaint(complaint_ref="投-1", reason="重复"))
    for code in codes:
        world.send("assessment", stream, a.SubmitContentResult(content=code, department="后勤处"))
    token_hash = sha256("一次性".encode()).hexdigest()
    link = a.BallotLink(token_hash=token_hash, group="staff")
    expires_at = datetime(2026, 3, 20, tzinfo=UTC)
    world.send("assessment", stream, a.IssueBallotLinks(links=(link,), expires_at=expires_at))
    cast = a.CastBallotByLink(token_hash=token_hash, score=Decimal("88.5"))
    world.send("assessment", stream, cast, "ballot_link", None)
    (paper,) = world.send("assessment", stream, a.CastBallot(group="students", score=Decimal(20), ballot_ref="纸-1"))
    world.send("assessment", stream, a.VoidBallot(ballot_id=paper.ballot_id, reason="涂改"))
    incident(world, month)
    world.pass_to(2026, 4, 1)
    world.send("assessment", stream, a.CloseAssessment(accept_gaps_reason="无"))


def failed_month(world, month):
    """A month that an incident fails, its survey closed early."""
    stream = assessment_of(month)
    number = int(month[5:])
    world.pass_to(2026, number, 3)
    world.send("property_project", PROJECT, p.OpenMonth(month=month))
    incident(world, month)
    world.send("assessment", stream, a.CloseSurvey(reason="回收完毕"))
    world.send("assessment", stream, a.CloseAssessment(accept_gaps_reason="资料缺失"))


def incident(world, month):
    """Record an incident that vetoes a month; its id."""
    happened = date(2026, int(month[5:]), 2)
    command = a.RecordVetoIncident(kind="college_criticism", happened_on=happened, description="未按要求整改")
    return world.send("assessment", assessment_of(month), command)[0].incident_id


def overturn(world, month):
    """Overturn the month's incidents that stand, so that it is assessed again."""
    for incident_id, each in world.state("assessment", assessment_of(month)).incidents.items():
        if not each.overturned:
            command = a.OverturnVetoIncident(incident_id=incident_id, reason="查无实据")
            world.send("assessment", assessment_of(month), command)


def terminate_and_take_back(world):
    """Terminate after five failed months, lose the ground, have it back, lose it again, reinstate."""
    world.send("property_project", PROJECT, p.ConfirmCorrection(month="2026-04", note="已整改"))
    world.send("contract_deposit", DEPOSIT, d.ReceiveTopUp(amount_fen=150_000, reference="补足-1"))
    world.pass_to(2026, 8, 3)
    world.send("property_project", PROJECT, p.OpenMonth(month="2026-08"))
    cleaner = p.EquipmentItem(name="洗地机", disposition="retained")
    world.send("property_project", PROJECT, p.TerminateContract(reason="连续五个月不合格", equipment=(cleaner,)))
    cart = p.EquipmentItem(name="保洁车", disposition="returned", note="无争议")
    world.send("property_project", PROJECT, p.DisposeEquipment(items=(cart,)))
    incident(world, "2026-08")
    world.send("assessment", assessment_of("2026-08"), a.CloseSurvey(reason="合同已终止"))
    world.send("assessment", assessment_of("2026-08"), a.CloseAssessment(accept_gaps_reason="合同已终止"))
    overturn(world, "2026-05")
    incident(world, "2026-05")
    overturn(world, "2026-05")
    world.send("property_project", PROJECT, p.ReinstateContract(reason="五月改判"))


def settle_and_end(world):
    """Reverse more months, refund the excess, end the contract, release the deposit."""
    overturn(world, "2026-07")
    overturn(world, "2026-04")
    state = world.state("contract_deposit", DEPOSIT)
    command = d.ReceiveTopUp(amount_fen=state.demanded_fen, reference="补足-2")
    world.send("contract_deposit", DEPOSIT, command)
    overturn(world, "2026-08")
    excess_fen = world.state("contract_deposit", DEPOSIT).refundable_fen
    world.send("contract_deposit", DEPOSIT, d.RefundExcess(amount_fen=excess_fen, reference="退款-1"))
    failed_month(world, "2026-09")
    world.pass_to(2026, 12, 31)
    world.send("property_project", PROJECT, p.EndContract(note="到期"))
    world.send("contract_deposit", DEPOSIT, d.ReleaseDeposit(reference="退还-1"))


def item_code(world):
    """An item of the rules in force."""
    rules = world.context(None).rules["R14"][0].values
    return rules.contents[0].items[0].code
