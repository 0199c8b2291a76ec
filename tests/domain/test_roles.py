"""Roles: data that names what each part may do."""

import pytest

from domain.roles import ADMIN, ROLE_NAMES, ROLES, permissions_of, role_of


def test_roles_are_told_apart_and_named_in_both_languages():
    """Each role has one name, a Chinese and an English title."""
    assert len(set(ROLE_NAMES)) == len(ROLES)
    assert all(role.title.zh and role.title.en for role in ROLES)


def test_several_roles_add_up():
    """Together they may do what each may; a name that is no role grants nothing."""
    together = permissions_of(["finance", "leader", "emperor"])
    assert together == role_of("finance").permissions | role_of("leader").permissions
    assert permissions_of([]) == permissions_of(["emperor"]) == frozenset()


def test_the_auditor_reads_everything_and_changes_nothing():
    """Every permission of the auditor is a read, of every noun that anybody reads."""
    reads = {permission for role in ROLES for permission in role.permissions if permission.endswith(".read")}
    assert role_of("auditor").permissions == reads


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rule_book.draft_version", "rule_book.publish_version"),
        ("assessment.close_assessment", "property_project.terminate_contract"),
        ("assessment.record_finding", "assessment.overturn_finding"),
        ("property_project.register_project", "contract_deposit.release_deposit"),
        ("quality_report.compile_report", "quality_report.approve_report"),
        ("quality_goal.set_goal", "quality_goal.adopt_goals"),
    ],
)
def test_duties_that_check_each_other_are_not_one_role(one, other):
    """Nobody holds both by a single role."""
    assert not any({one, other} <= role.permissions for role in ROLES)


def test_the_administrator_runs_the_organisation_but_decides_no_assessment():
    """Administration is apart from judging and from money."""
    nouns = {permission.split(".")[0] for permission in role_of(ADMIN).permissions if not permission.endswith(".read")}
    assert nouns == {"organisation", "rule_book"}
