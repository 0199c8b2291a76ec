"""The scorecard: parts, weights, trimming, complaints, vetoes and bands, each to the boundary."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rules.r14 import R14Rules, default_values
from domain.scorecard import BallotMark, Incident, Mark, Scorecard, ScoreInputs, score, trimmed
from domain.scorecard.arithmetic import exact, round_half_up

SHIPPED = default_values()
ITEMS = tuple(item.code for content in SHIPPED.contents for item in content.items)


def rules(**changes: Any) -> R14Rules:
    """The shipped rules with some values changed."""
    return msgspec.structs.replace(SHIPPED, **changes)


def ballots(*scores: str | int, group: str = "staff") -> tuple[BallotMark, ...]:
    """Ballots of one group, numbered in the order given."""
    return tuple(BallotMark(f"{group}-{n:03d}", group, Decimal(value)) for n, value in enumerate(scores))  # type: ignore[arg-type]


def scored(values: R14Rules = SHIPPED, **inputs: Any) -> Scorecard:
    """The card of a month with these inputs."""
    return score(ScoreInputs(**inputs), values, 1)


def step(card: Scorecard, code: str) -> Any:
    """The first step of a card with this code."""
    return next(found for found in card.steps if found.code == code)


def scored_exactly(final: str, values: R14Rules = SHIPPED) -> Scorecard:
    """A month whose score is exactly ``final``: the survey alone weighs, and every ballot says so."""
    alone = msgspec.structs.replace(
        values, centre_weight=Decimal(0), satisfaction_weight=Decimal(1), dissatisfied_below=Decimal(0)
    )
    return scored(alone, ballots=ballots(final))


@pytest.mark.clause("R14.2.1", "R14.2.2")
def test_a_month_without_findings_and_with_full_ballots_has_the_full_score():
    """Nothing lost anywhere is 100."""
    card = scored(ballots=ballots(100, 100, 100))
    assert (card.score, card.band, card.centre, card.satisfaction) == (Decimal("100.00"), "excellent", 100, 100)


@pytest.mark.clause("R14.2.3")
def test_the_parts_are_weighted_sixty_to_forty():
    """Centre 99 and satisfaction 80 make 0.6 × 99 + 0.4 × 80."""
    card = scored(findings=(Mark("f", "hygiene.corridors", 2),), ballots=ballots(80, 80, 80))
    assert card.score == Decimal("91.40")


@pytest.mark.clause("R14.1")
def test_an_item_loses_no_more_than_its_points():
    """Nine findings of 0.5 on an item of 4 points take 4."""
    card = scored(findings=(Mark("a", "hygiene.corridors", 5), Mark("b", "hygiene.corridors", 4)))
    assert card.centre == Decimal("96.00")


@pytest.mark.clause("R14.2.3")
def test_one_highest_and_one_lowest_ballot_are_dropped():
    """Of 10, 80, 90, 100 the mean is that of 80 and 90."""
    card = scored(ballots=ballots(10, 80, 90, 100))
    assert (card.satisfaction, card.dropped_ballots) == (85, ("staff-000", "staff-003"))


@pytest.mark.clause("R14.2.3")
def test_fewer_than_three_ballots_are_all_kept():
    """Two ballots are both counted."""
    card = scored(ballots=ballots(60, 100))
    assert (card.satisfaction, card.dropped_ballots) == (80, ())


@pytest.mark.clause("R14.2.3")
def test_trimming_in_each_group_drops_one_of_each_from_both():
    """Under the per-group reading the extremes of staff and of students go."""
    cast = ballots(10, 80, 100) + ballots(20, 90, 95, group="students")
    together = scored(ballots=cast)
    apart = scored(rules(trim="per_group"), ballots=cast)
    assert together.dropped_ballots == ("staff-000", "staff-002")
    assert apart.dropped_ballots == ("staff-000", "students-000", "students-002", "staff-002")
    assert apart.satisfaction == 85
    assert step(apart, "trimmed").reading == "R14.2.3.trim=per_group"


@pytest.mark.clause("R14.2.3")
def test_a_group_too_small_to_trim_is_kept_whole():
    """Per group, two ballots of one group are kept while the other group is trimmed."""
    card = scored(rules(trim="per_group"), ballots=ballots(10, 20) + ballots(0, 90, 100, group="students"))
    assert card.dropped_ballots == ("students-000", "students-002")


@pytest.mark.clause("R14.2.3")
def test_without_ballots_the_centre_carries_the_weight_and_the_card_says_so():
    """The reading for a month without ballots is recorded in the derivation."""
    card = scored(findings=(Mark("f", "security.fire", 1),))
    assert (card.score, card.satisfaction, card.dissatisfaction_percent) == (Decimal("98.00"), None, None)
    assert step(card, "weighted").reading == "R14.2.3.no_ballots=centre_alone"


@pytest.mark.clause("R14.2.3")
def test_complaints_take_double_from_the_final_score():
    """Two complaints on an item of 1 point a finding take 4 from the weighted score."""
    card = scored(complaints=(Mark("c", "repairs.response", 2),), ballots=ballots(100))
    assert (card.score, card.complaints_deducted) == (Decimal("96.00"), 4)
    assert step(card, "complaints_deducted").reading == "R14.2.3.double=final"


@pytest.mark.clause("R14.2.3")
def test_complaints_may_take_double_from_the_centres_part():
    """Under the other reading the 4 points are taken before weighting, hence 2.4."""
    card = scored(rules(double="centre_part"), complaints=(Mark("c", "repairs.response", 2),), ballots=ballots(100))
    assert card.score == Decimal("97.60")
    assert step(card, "complaints_deducted").reading == "R14.2.3.double=centre_part"


@pytest.mark.clause("R14.2.1")
@pytest.mark.parametrize("reading", ["final", "centre_part"])
def test_a_score_never_falls_below_zero(reading: str):
    """However many complaints, the month ends at zero."""
    card = scored(rules(double=reading), complaints=(Mark("c", "repairs.response", 1000),), ballots=ballots(0))
    assert card.score == 0


@pytest.mark.clause("R14.2.1")
@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        ("69.994", "69.99"),
        ("69.995", "70.00"),
        ("70.005", "70.01"),
        ("89.9949", "89.99"),
        ("89.995", "90.00"),
        ("0.005", "0.01"),
    ],
)
def test_scores_are_rounded_half_up(value: str, rounded: str):
    """A half goes up, also where bankers' rounding would go down."""
    assert str(round_half_up(Fraction(value), Decimal("0.01"))) == rounded
    assert scored_exactly(value).score == Decimal(rounded)


def test_only_the_score_is_rounded():
    """A third that rounding midway would lose is kept to the end."""
    card = scored(rules(trim_min_ballots=4), ballots=ballots(100, 100, 99))
    assert step(card, "satisfaction").result == "299/3"
    assert (card.satisfaction, card.score) == (Decimal("99.67"), Decimal("99.87"))


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(0), "0"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(100), "100"),
        (Fraction(3, 40), "0.075"),
    ],
)
def test_exact_numbers_are_written_to_be_read(value: Fraction, written: str):
    """A decimal where it ends, else a fraction."""
    assert exact(value) == written


BANDS = {
    ("marginal", "fails"): ("failed", "failed", "marginal", "marginal", "qualified", "qualified", "excellent"),
    ("marginal", "passes"): ("failed", "marginal", "marginal", "marginal", "qualified", "qualified", "excellent"),
    ("failing", "fails"): ("failed", "failed", "failed", "failed", "qualified", "qualified", "excellent"),
    ("failing", "passes"): ("failed", "failed", "failed", "failed", "qualified", "qualified", "excellent"),
    ("passing", "fails"): ("failed", "failed", "qualified", "qualified", "qualified", "qualified", "excellent"),
    ("passing", "passes"): ("failed", "qualified", "qualified", "qualified", "qualified", "qualified", "excellent"),
}


@pytest.mark.clause("R14.2.1", "R14.5.2")
@pytest.mark.parametrize("reading", BANDS)
def test_each_band_to_its_boundary_under_each_reading(reading: tuple[str, str]):
    """69.99, 70, 70.01, 79.99, 80, 89.99 and 90 fall where the two readings say."""
    values = rules(marginal=reading[0], fail_at=reading[1])
    scores = ("69.99", "70", "70.01", "79.99", "80", "89.99", "90")
    assert tuple(scored_exactly(value, values).band for value in scores) == BANDS[reading]


@pytest.mark.clause("R14.2.1")
def test_the_band_records_the_readings_that_decided_it():
    """A month between the lines cites the band reading, one on the line also the reading of the line."""
    assert step(scored_exactly("75"), "band").reading == "R14.2.1.band=marginal"
    assert step(scored_exactly("70"), "on_fail_line").reading == "R14.2.1.fail_at=fails"
    assert step(scored_exactly("85"), "band").reading is None


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize(
    ("loss_fen", "casualties", "vetoed"), [(999_999, 0, False), (1_000_000, 0, True), (0, 1, True), (0, 0, False)]
)
def test_an_accident_vetoes_from_ten_thousand_yuan_or_with_casualties(loss_fen: int, casualties: int, vetoed: bool):
    """9,999.99 yuan without casualties does not veto, 10,000 yuan or one casualty does."""
    card = scored(incidents=(Incident(id="i", kind="accident", loss_fen=loss_fen, casualties=casualties),))
    assert (card.vetoed, card.band) == (vetoed, "failed" if vetoed else "excellent")
    assert card.score == 100


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize("kind", ["higher_authority", "leader_document", "college_criticism"])
def test_each_criticism_vetoes(kind: str):
    """Criticism of each of the three kinds fails the month whatever its score."""
    card = scored(incidents=(Incident(id="i", kind=kind),))  # type: ignore[arg-type]
    assert (card.band, card.vetoes[0].ground, card.vetoes[0].incident_id) == ("failed", kind, "i")


@pytest.mark.clause("R14.2.4")
@pytest.mark.parametrize(("unhappy", "vetoed"), [(400, False), (401, True)])
def test_dissatisfaction_vetoes_only_above_forty_percent(unhappy: int, vetoed: bool):
    """Exactly 40 % does not veto, just above does."""
    card = scored(ballots=ballots(*[59] * unhappy, *[100] * (1000 - unhappy)))
    assert card.vetoed is vetoed
    assert card.dissatisfaction_percent == Decimal(unhappy) / 10


@pytest.mark.clause("R14.2.4")
def test_dissatisfaction_counts_the_dropped_ballots_too():
    """Of three ballots two are dropped from the mean, yet all three make the rate."""
    card = scored(ballots=ballots(10, 59, 100))
    assert (card.dissatisfaction_percent, card.vetoed) == (Decimal("66.67"), True)


@pytest.mark.clause("R14.2.4")
def test_a_ballot_on_the_line_is_not_dissatisfied():
    """A ballot of exactly the tenant's threshold is satisfied."""
    assert scored(ballots=ballots(60)).dissatisfaction_percent == 0


def test_an_unknown_item_is_a_fault():
    """The rules fixed for the month know every item recorded under them."""
    with pytest.raises(LookupError):
        scored(findings=(Mark("f", "no.such", 1),))


def test_a_scorecard_survives_being_stored():
    """The card with its derivation comes back the same from JSON."""
    card = scored(
        findings=(Mark("f", "security.fire", 1),),
        ballots=ballots(10, 80, 90, 100),
        incidents=(Incident(id="i", kind="accident", casualties=1),),
    )
    assert msgspec.json.decode(msgspec.json.encode(card), type=Scorecard) == card


@pytest.mark.clause("R14.2.2")
def test_the_derivation_can_be_computed_again_by_hand():
    """From the inputs of each step its result follows, up to the score."""
    card = scored(
        findings=(Mark("f1", "security.fire", 1), Mark("f2", "hygiene.corridors", 3)),
        complaints=(Mark("c1", "repairs.response", 1),),
        ballots=ballots(10, 80, 91, 100),
    )
    lost = sum(Decimal(found.result) for found in card.steps if found.code == "item")
    assert step(card, "centre").result == str(100 - lost) == "96.5"
    kept = [Decimal(text.split("=")[1]) for text in step(card, "satisfaction").inputs]
    assert step(card, "satisfaction").result == str(sum(kept) / 2) == "85.5"
    assert Decimal(step(card, "weighted").result) == Decimal("0.6") * Decimal("96.5") + Decimal("0.4") * Decimal("85.5")
    assert card.score == Decimal(step(card, "weighted").result) - 2 == Decimal("90.10")


MARKS = st.lists(st.builds(Mark, st.uuids().map(str), st.sampled_from(ITEMS), st.integers(1, 1000)), max_size=12).map(
    tuple
)
BALLOTS = st.lists(
    st.builds(
        BallotMark,
        st.uuids().map(str),
        st.sampled_from(["staff", "students"]),
        st.decimals(0, 100, places=2),
    ),
    max_size=12,
).map(tuple)
RULES = st.builds(
    rules,
    trim=st.sampled_from(["all", "per_group"]),
    double=st.sampled_from(["final", "centre_part"]),
    marginal=st.sampled_from(["marginal", "failing", "passing"]),
    fail_at=st.sampled_from(["fails", "passes"]),
)


@given(MARKS, MARKS, BALLOTS, RULES)
def test_the_score_stays_between_zero_and_full(findings, complaints, cast, values):
    """Whatever is recorded, the score lies in 0 to 100 with two decimals."""
    card = scored(values, findings=findings, complaints=complaints, ballots=cast)
    assert 0 <= card.score <= 100
    assert card.score == card.score.quantize(Decimal("0.01"))


@given(MARKS, MARKS, BALLOTS, RULES, st.builds(Mark, st.just("further"), st.sampled_from(ITEMS), st.integers(1, 1000)))
def test_a_further_finding_never_raises_the_score(findings, complaints, cast, values, further):
    """The scorecard is monotone in findings."""
    before = scored(values, findings=findings, complaints=complaints, ballots=cast)
    more = (*findings, further)
    assert scored(values, findings=more, complaints=complaints, ballots=cast).score <= before.score


@given(MARKS, BALLOTS, RULES, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_nothing(findings, cast, values, shuffle):
    """The card, derivation included, is independent of the order of ballots and findings."""
    card = scored(values, findings=findings, ballots=cast)
    mixed_ballots, mixed_findings = list(cast), list(findings)
    shuffle.shuffle(mixed_ballots)
    shuffle.shuffle(mixed_findings)
    assert scored(values, findings=tuple(mixed_findings), ballots=tuple(mixed_ballots)) == card


@given(BALLOTS, RULES)
def test_trimming_parts_the_ballots_and_keeps_the_middle(cast, values):
    """Every ballot is kept or dropped, never both, and no kept one lies outside the dropped extremes."""
    kept, dropped = trimmed(cast, values)
    assert sorted(ballot.id for ballot in (*kept, *dropped)) == sorted(ballot.id for ballot in cast)
    if values.trim == "all":
        assert len(dropped) == (2 if len(cast) >= 3 else 0)
        if dropped:
            assert all(dropped[0].score <= ballot.score <= dropped[-1].score for ballot in kept)
    else:
        sizes = [sum(ballot.group == group for ballot in cast) for group in ("staff", "students")]
        assert len(dropped) == sum(2 for size in sizes if size >= 3)
