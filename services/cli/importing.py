"""``kaohe import``: findings and ballots out of files."""

from pathlib import Path
from uuid import UUID

import click
from rich.table import Table

from domain.assessment import ASSESSMENT
from domain.kernel import CommandSpec
from services.cli.common import Trouble, as_console, console, opened, run, settings, tenant_id, tenant_option
from services.imports import ImportReport, Kind, import_file


def _specs() -> tuple[CommandSpec, ...]:
    wanted = {"record_finding", "cast_ballot"}
    return tuple(spec for spec in ASSESSMENT.commands if spec.name in wanted)


@click.group(name="import")
def import_group() -> None:
    """导入 · findings and ballots from CSV or XLSX, all of a file or nothing of it, and nothing twice."""


def _command(kind: Kind, zh: str) -> None:
    @import_group.command(name=kind, help=f"导入{zh} · import {kind} from FILE; exit code 1 when a row is wrong.")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @tenant_option
    @click.option("--assessment", "assessment_id", required=True, type=click.UUID, help="The month's assessment.")
    @click.option("--dry-run", is_flag=True, help="Only say what would be imported.")
    @click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
    def command(*, file: Path, slug: str, assessment_id: UUID, dry_run: bool, lang: str) -> None:
        most = settings().max_import_bytes
        if file.stat().st_size > most:
            raise Trouble(f"文件过大 · the file has more than {most} bytes; split it.")

        content = file.read_bytes()

        async def work() -> ImportReport:
            async with opened() as runtime:
                tenant = await tenant_id(runtime.database, slug)
                return await import_file(
                    runtime, tenant, as_console(*_specs()), assessment_id, kind, content, file.name, dry_run
                )

        _show(run(work()), lang)


def _show(report: ImportReport, lang: str) -> None:
    screen = console()
    if lang == "zh":
        verb = "可导入" if report.dry_run else "已导入"
        counted = report.new if report.dry_run else report.added
        screen.print(f"共 {report.rows} 行：{verb} {counted}，已存在 {report.skipped}，错误 {report.error_count}")
        headings = ("行", "列", "内容", "问题", "条款")
    else:
        verb = "would import" if report.dry_run else "imported"
        counted = report.new if report.dry_run else report.added
        screen.print(
            f"{report.rows} rows: {verb} {counted}, {report.skipped} there already, {report.error_count} errors"
        )
        headings = ("row", "column", "value", "problem", "clause")
    if not report.errors:
        return
    table = Table(*headings)
    for error in report.errors:
        row = "" if error.row is None else str(error.row)
        table.add_row(row, error.column or "", error.value or "", error.message(lang), error.clause or "")
    screen.print(table)
    raise SystemExit(1)


_command("findings", "检查记录")
_command("ballots", "满意度选票")
