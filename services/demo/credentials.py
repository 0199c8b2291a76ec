"""The demonstration's passwords: made at first start, kept in a file for the person who started it, nowhere else."""

import secrets
from pathlib import Path

import msgspec

from services.demo.story import Organisation
from services.runtime.tokens import SECRET_BYTES
from services.up.running import write_private

FILE = "demo-credentials.json"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """How one person signs in."""

    username: str
    name: str
    roles: tuple[str, ...]
    note: str
    password: str


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The secret of somebody who reported without an account, by the name the story gives to the matter."""

    name: str
    secret: str


class OrganisationAccounts(msgspec.Struct, frozen=True):
    """The people of an organisation, who sign in under its slug, and its anonymous reporters' receipts."""

    slug: str
    name: str
    members: tuple[Account, ...]
    receipts: tuple[Receipt, ...] = ()


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

    def receipts(self, slug: str) -> dict[str, str]:
        """The secret of each receipt of an organisation by its name."""
        return {
            receipt.name: receipt.secret
            for organisation in self.organisations
            if organisation.slug == slug
            for receipt in organisation.receipts
        }


class Kept(msgspec.Struct, frozen=True):
    """The credentials, where they are, and whose passwords were made just now."""

    credentials: Credentials
    path: Path
    new: frozenset[tuple[str, str]]


def keep(directory: Path, organisations: tuple[Organisation, ...]) -> Kept:
    """The credentials kept in a directory, with passwords made for whoever has none yet."""
    path = directory / FILE
    stored = msgspec.json.decode(path.read_bytes(), type=Credentials) if path.exists() else Credentials(())
    known = {(one.slug, account.username): account.password for one in stored.organisations for account in one.members}
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
        secret = stored.receipts(story.slug)
        receipts = tuple(
            Receipt(name=name, secret=secret.get(name) or secrets.token_urlsafe(SECRET_BYTES))
            for name in organisation.matters.receipts
        )
        listed.append(OrganisationAccounts(story.slug, story.name, tuple(members), receipts))
    credentials = Credentials(tuple(listed))
    if credentials != stored:
        write_private(path, msgspec.json.format(msgspec.json.encode(credentials), indent=2).decode() + "\n")
    return Kept(credentials, path, frozenset(new))
