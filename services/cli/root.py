"""All commands under one name."""

import click

from services.cli.checking import doctor
from services.cli.common import TroubleGroup
from services.cli.importing import import_group
from services.cli.notices import notices
from services.cli.people import operator, user
from services.cli.rebuilding import rebuild
from services.cli.replaying import replay
from services.cli.serving import demo, migrate_command, up, worker
from services.cli.surface import openapi
from services.cli.tenancy import tenant


@click.group(cls=TroubleGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="kaohe", prog_name="kaohe")
def cli() -> None:
    """考核 · run service regulations as software.

    Servers are found through KAOHE_DATABASE_URL and KAOHE_REDIS_URL, or else those of a running `kaohe up`.
    """


for command in (
    up,
    demo,
    migrate_command,
    worker,
    tenant,
    user,
    operator,
    import_group,
    rebuild,
    replay,
    notices,
    doctor,
    openapi,
):
    cli.add_command(command)
