"""The files that an output tool writes: where they are, and who writes the records into them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from openyx.engine.parted import PartedWriter
from openyx.engine.places import Places, setting, whole
from openyx.engine.portioned import PortionedWriter
from openyx.errors import WorkflowError
from openyx.fields import Schema
from openyx.formats.codepages import Latin1
from openyx.formats.csv import CsvOutput
from openyx.formats.options import Options
from openyx.formats.shelf import Format, Warn, Writer
from openyx.relation import Relation
from openyx.tools.files import Parted, Writes


@dataclass(frozen=True, slots=True)
class Target:
    """A file to write, the records as it takes them, and how to make its writer; no path where records tell it."""

    path: Path | None
    records: Relation
    create: Callable[[Warn], Writer]


def target(wanted: Writes, records: Relation, found: Format, options: Options, places: Places) -> Target:
    """The file, or the files, that a tool wants written in a format.

    Raises ``WorkflowError`` for a place that cannot be and for records that the format cannot take.
    """
    taken = _as_written(records, options)
    if wanted.parted is not None:
        return _parted(wanted, wanted.parted, taken, found, options, places)
    schema = taken.schema
    with setting("File"):
        path = places.output(whole(wanted.path))

    def portioned(warn: Warn) -> Writer:
        return PortionedWriter(
            path=path, most=wanted.most, create=lambda path: found.create(path, schema, options, warn)
        )

    return Target(path, taken, portioned if wanted.most else lambda warn: found.create(path, schema, options, warn))


def _parted(
    wanted: Writes, parted: Parted, records: Relation, found: Format, options: Options, places: Places
) -> Target:
    """One file for each value of a field."""
    written, field = whole(wanted.path), records.schema[parted.field].name
    schema = Schema(tuple(each for each in records.schema if parted.keeps or each.name != field))

    def locate(value: str) -> Path:
        path = whole(parted.path(written, value))
        with setting(f"MultiFileField, field {field}"):
            return places.output(path)

    def create(warn: Warn) -> Writer:
        return PartedWriter(
            by=field,
            keeps=parted.keeps,
            locate=locate,
            create=lambda path: found.create(path, schema, options, warn),
        )

    return Target(None, records, create)


def _as_written(records: Relation, options: Options) -> Relation:
    """The records as a format takes them: delimited text takes texts, of Latin-1 where that is its code page."""
    if not isinstance(options, CsvOutput):
        return records
    try:
        return records.as_text(narrow=options.code_page == Latin1)
    except TypeError as error:
        raise WorkflowError(str(error)) from error
