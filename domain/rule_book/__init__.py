"""The rule book (考核办法): a tenant's published versions of one regulation's values, and the draft of the next."""

from domain.kernel import CommandSpec, Decider, Text, derived_id
from domain.rule_book import handlers, messages
from domain.rule_book.state import RuleBookState, evolve, timeline

__all__ = ["RULE_BOOK", "RuleBookState", "timeline"]

RULE_BOOK = Decider(
    noun="rule_book",
    plural="rule-books",
    title=Text(zh="考核办法", en="rule book"),
    state=RuleBookState,
    statuses=("published", "drafting"),
    commands=(
        CommandSpec(
            command=messages.AdoptPack,
            handler=handlers.adopt_pack,
            permission="rule_book.adopt_pack",
            summary=Text(zh="采用随附的规则", en="Adopt the shipped rules of a regulation"),
            clause="R14.6",
            creates=True,
            stream_id=lambda tenant_id, command: derived_id(tenant_id, "rule_book", command.regulation),
        ),
        CommandSpec(
            command=messages.DraftVersion,
            handler=handlers.draft_version,
            permission="rule_book.draft_version",
            summary=Text(zh="起草新版本", en="Draft the next version"),
            clause="R0.7",
        ),
        CommandSpec(
            command=messages.ReviseDraft,
            handler=handlers.revise_draft,
            permission="rule_book.revise_draft",
            summary=Text(zh="修改草案", en="Revise the open draft"),
            clause="R0.7",
        ),
        CommandSpec(
            command=messages.WithdrawDraft,
            handler=handlers.withdraw_draft,
            permission="rule_book.withdraw_draft",
            summary=Text(zh="撤回草案", en="Withdraw the open draft"),
            clause="R0.7",
        ),
        CommandSpec(
            command=messages.PublishVersion,
            handler=handlers.publish_version,
            permission="rule_book.publish_version",
            summary=Text(zh="发布新版本", en="Publish the open draft"),
            clause="R14.6",
        ),
        CommandSpec(
            command=messages.RecordReviewWithoutChange,
            handler=handlers.record_review,
            permission="rule_book.record_review_without_change",
            summary=Text(zh="记录复审（无修改）", en="Record a review without change"),
            clause="R0.7",
        ),
    ),
    events=(
        messages.PackAdopted,
        messages.VersionDrafted,
        messages.DraftRevised,
        messages.DraftWithdrawn,
        messages.VersionPublished,
        messages.RulesReviewed,
    ),
    evolve=evolve,
    configuration=True,
)
