"""An accountability case (问责案件) under R4: reported, investigated, resolved, served, reviewed, carried out."""

from domain.accountability import events, events_after, events_time
from domain.accountability.evolve import evolve
from domain.accountability.intake import TITLE, day_only
from domain.accountability.specs import COMMANDS
from domain.accountability.state import STATUSES, AccountabilityCaseState, deadlines
from domain.kernel import Decider

__all__ = ["ACCOUNTABILITY_CASE", "AccountabilityCaseState"]

ACCOUNTABILITY_CASE = Decider(
    noun="accountability_case",
    plural="accountability-cases",
    title=TITLE,
    state=AccountabilityCaseState,
    statuses=STATUSES,
    commands=COMMANDS,
    events=(
        events.MatterReported,
        events.InformationAdded,
        events.ReporterAnswered,
        events.RespondentNamed,
        events.RelativeRecorded,
        events.HandledCaseLinked,
        events.HandlersTold,
        events.PersonsBarred,
        events.ReportVerified,
        events.AccountabilityProposed,
        events.CaseInitiated,
        events.CaseDismissed,
        events.TeamFormed,
        events.ExtensionRequested,
        events.ExtensionApproved,
        events.ExtensionDeclined,
        events.ObstructionRecorded,
        events.InvestigationReported,
        events.OpinionGiven,
        events.CaseResolved,
        events.PersonRecused,
        events.RecusalRequested,
        events.RecusalDeclined,
        events.MergeRequested,
        events.CaseAbsorbed,
        events.MergeDeclined,
        events.CaseMerged,
        events.MergeRefused,
        events_time.StageBegan,
        events_time.StageReminded,
        events_time.StageOverdue,
        events_time.StageEscalated,
        events_time.StagesRederived,
        events_time.ReviewRightLapsed,
        events_after.DecisionServed,
        events_after.SanctionImposed,
        events_after.EffectImposed,
        events_after.SanctionReversed,
        events_after.EffectReversed,
        events_after.ReviewRequested,
        events_after.ReviewDecided,
        events_after.DecisionFiled,
        events_after.ExecutionRecorded,
        events_after.CaseClosed,
    ),
    evolve=evolve,
    deadlines=deadlines,
    sealed=frozenset({"receipt_hash"}),
    kept_from=lambda state: state.interested,
    day_only=day_only,
)
