"""Where a trial takes place: a gallery in a folder of its own, with a key and two workflows, on either database."""

from __future__ import annotations

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from openyx.store import Clock, KeyKind, NewVersion, NewWorkflow, PackageType, Store, open_store, utc_now

PATIENCE = 300.0
"""Seconds that anything may take on a slow machine before it counts as lost."""

WORKFLOW = b"""<?xml version="1.0"?>
<AlteryxDocument yxmdVer="2021.4">
  <Nodes>
    <Node ToolID="1">
      <GuiSettings Plugin="AlteryxBasePluginsGui.TextInput.TextInput"><Position x="54" y="54" /></GuiSettings>
      <Properties><Configuration>
        <NumRows value="2" />
        <Fields><Field name="Region" /><Field name="Sales" /></Fields>
        <Data><r><c>North</c><c>10</c></r><r><c>South</c><c>20</c></r></Data>
      </Configuration></Properties>
      <EngineSettings EngineDll="AlteryxBasePluginsEngine.dll" EngineDllEntryPoint="AlteryxTextInput" />
    </Node>
    <Node ToolID="2">
      <GuiSettings Plugin="AlteryxBasePluginsGui.DbFileOutput.DbFileOutput"><Position x="154" y="54" /></GuiSettings>
      <Properties><Configuration>
        <File MaxRecords="" FileFormat="0">out.csv</File><Passwords />
        <FormatSpecificOptions><LineEndStyle>LF</LineEndStyle><Delimeter>,</Delimeter>
          <ForceQuotes>False</ForceQuotes><HeaderRow>True</HeaderRow><CodePage>65001</CodePage>
          <WriteBOM>False</WriteBOM></FormatSpecificOptions>
        <MultiFile value="False" />
      </Configuration></Properties>
      <EngineSettings EngineDll="AlteryxBasePluginsEngine.dll" EngineDllEntryPoint="AlteryxDbFileOutput" />
    </Node>
  </Nodes>
  <Connections>
    <Connection><Origin ToolID="1" Connection="Output" /><Destination ToolID="2" Connection="Input" /></Connection>
  </Connections>
  <Properties>
    <RuntimeProperties><ModuleType>Wizard</ModuleType><Questions>
      <Question><Type>TextBox</Type><Description>What to do</Description><Name>do</Name><ToolId value="9" />
        <Default>quick</Default><Password value="False" /><Multiline value="False" /><Hidden value="False" /></Question>
    </Questions></RuntimeProperties>
    <MetaInfo><Name>Month End</Name></MetaInfo>
  </Properties>
</AlteryxDocument>
"""
RECORDS = b"Region,Sales\nNorth,10\nSouth,20\n"
"""What the engine makes of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A gallery: ``again`` runs up to three times when its worker vanishes, ``once`` does not run again.

    ``notes`` is a file outside of the gallery in which each run notes itself, ``gate`` one that waiting runs wait for.
    """

    data: Path
    database: str
    key: str
    secret: str
    again: str
    once: str

    @property
    def notes(self) -> Path:
        return self.data.parent / "notes"

    @property
    def gate(self) -> Path:
        return self.data.parent / "gate"

    def opened(self, *, clock: Clock = utc_now) -> Store:
        """The store of the gallery."""
        return open_store(self.data, database=self.database, clock=clock)


@contextmanager
def place(folder: Path, server: str = "") -> Generator[Place]:
    """A new gallery in a folder, on SQLite or in a database of its own on that PostgreSQL server."""
    with _made(server) as database, open_store(folder / "data", database=database) as store:
        made = store.keys.create(KeyKind.USER)
        yield Place(
            data=folder / "data",
            database=database,
            key=made.key.key,
            secret=made.secret.reveal(),
            again=_published(store, "Again"),
            once=_published(store, "Once", most_attempts=1),
        )


@contextmanager
def _made(server: str) -> Generator[str]:
    """A database of its own on a server, which can be cut off without disturbing anybody."""
    if not server:
        yield ""
        return
    import psycopg

    name = f"soak_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _published(store: Store, name: str, *, most_attempts: int = 3) -> str:
    blob, owner = store.blobs.add(WORKFLOW), store.users.owner().id
    version = NewVersion(
        file_name=f"{name}.yxwz", digest=blob.digest, size=blob.size, package_type=PackageType.APP, name=name
    )
    new = NewWorkflow(name=name, owner_id=owner, most_attempts=most_attempts)
    return store.workflows.publish(new, version, by=owner).workflow.id
