"""The demonstration's passwords: made at first start, kept in a file for the person who started it, nowhere else."""

import secrets
from pathlib import Path

import msgspec

from services.demo.story import Organisation
from services.up.running import write_private

FILE = "demo-credentials.json"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """How one person signs in."""

    username: str
    name: str
    roles: tuple[str, ...]
    note: str
    password: str


class OrganisationAccounts(msgspec.Struct, frozen=True):
    """The people of an organisation, who sign in under its slug."""

    slug: str
    name: str
    members: tuple[Account, ...]


class Credentials(msgspec.Struct, frozen=True):
    """Everybody of the demonstration."""

    organisations: tuple[OrganisationAccounts, ...]

    def password(self, slug: str, username: str) -> str:
        """The password of a person."""
        return next(
            account.password
            for organisation in self.organisations
            if organisation.slug == slug
            for account in organisation.members
            if account.username == username
        )


class Kept(msgspec.Struct, frozen=True):
    """The credentials, where they are, and whose passwords were made just now."""

    credentials: Credentials
    path: Path
    new: frozenset[tuple[str, str]]


def keep(directory: Path, organisations: tuple[Organisation, ...]) -> Kept:
    """The credentials kept in a directory, with passwords made for whoever has none yet."""
    path = directory / FILE
    known: dict[tuple[str, str], str] = {}
    if path.exists():
        stored = msgspec.json.decode(path.read_bytes(), type=Credentials)
        known = {
            (one.slug, account.username): account.password for one in stored.organisations for account in one.members
        }
    new = set()
    listed = []
    for organisation in organisations:
        story = organisation.story
        members = []
        for member in story.members:
            person = (story.slug, member.username)
            if person not in known:
                known[person] = secrets.token_urlsafe(12)
                new.add(person)
            members.append(
                Account(
                    username=member.username,
                    name=member.name,
                    roles=member.roles,
                    note=member.note,
                    password=known[person],
                )
            )
        listed.append(OrganisationAccounts(story.slug, story.name, tuple(members)))
    credentials = Credentials(tuple(listed))
    if new:
        write_private(path, msgspec.json.format(msgspec.json.encode(credentials), indent=2).decode() + "\n")
    return Kept(credentials, path, frozenset(new))
