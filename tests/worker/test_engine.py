"""Jobs in real children, which import the engine and run real workflows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager

import pytest

from openyx.messages import Kind
from openyx.queue import Order, Queue
from openyx.store import Disposition, Job, NewVersion, NewWorkflow, OutputKind, PackageType, Store
from openyx.testing import node, text_input, workflow
from openyx.worker.worker import CHILD, Worker
from tests.stores import path_of

Run = Callable[..., Job]
WORKFLOW = """<?xml version="1.0"?>
<AlteryxDocument yxmdVer="2021.4">
  <Nodes>
    <Node ToolID="1">
      <GuiSettings Plugin="AlteryxBasePluginsGui.TextInput.TextInput"><Position x="54" y="54" /></GuiSettings>
      <Properties><Configuration>
        <NumRows value="2" />
        <Fields><Field name="Region" /><Field name="Sales" /></Fields>
        <Data><r><c>Zürich</c><c>10</c></r><r><c>East, far</c><c>20</c></r></Data>
      </Configuration></Properties>
      <EngineSettings EngineDll="AlteryxBasePluginsEngine.dll" EngineDllEntryPoint="AlteryxTextInput" />
    </Node>
    <Node ToolID="2">
      <GuiSettings Plugin="{plugin}"><Position x="154" y="54" /></GuiSettings>
      <Properties><Configuration>{configuration}</Configuration></Properties>
      <EngineSettings EngineDll="AlteryxBasePluginsEngine.dll" EngineDllEntryPoint="" />
    </Node>
  </Nodes>
  <Connections>
    <Connection>
      <Origin ToolID="1" Connection="Output" /><Destination ToolID="2" Connection="Input" />
    </Connection>
  </Connections>
  <Properties><MetaInfo><Name>Sales</Name></MetaInfo></Properties>
</AlteryxDocument>
"""
BROWSE = WORKFLOW.format(plugin="AlteryxBasePluginsGui.BrowseV2.BrowseV2", configuration="")
OUTPUT = WORKFLOW.format(
    plugin="AlteryxBasePluginsGui.DbFileOutput.DbFileOutput",
    configuration=(
        '<File MaxRecords="" FileFormat="0">out.csv</File><Passwords /><FormatSpecificOptions>'
        "<LineEndStyle>LF</LineEndStyle><Delimeter>,</Delimeter><ForceQuotes>False</ForceQuotes>"
        "<HeaderRow>True</HeaderRow><CodePage>65001</CodePage><WriteBOM>False</WriteBOM>"
        '</FormatSpecificOptions><MultiFile value="False" />'
    ),
)
UNKNOWN = WORKFLOW.format(plugin="AcmeTools.Foo", configuration="")
RECORDS = [["Region", "Sales"], ["Zürich", "10"], ["East, far", "20"]]


@pytest.fixture
def run(
    store: Store,
    queue: Queue,
    until: Callable[[str, Callable[[Job], bool]], Job],
    working: Callable[..., AbstractContextManager[Worker]],
) -> Generator[Run]:
    """Publishes a workflow, runs it with these answers and gives the job when it is over."""

    def ran(workflow: str, answers: Mapping[str, str] | None = None) -> Job:
        blob = store.blobs.add(workflow.encode())
        owner = store.users.owner().id
        version = NewVersion(
            file_name="Sales.yxmd", digest=blob.digest, size=blob.size, package_type=PackageType.MODULE, name="Sales"
        )
        published = store.workflows.publish(NewWorkflow(name="Sales", owner_id=owner), version, by=owner)
        job = queue.enqueue(Order(workflow_id=published.workflow.id, user_id=owner, answers=answers or {}))
        return until(job.id, lambda job: job.over)

    with working(program=CHILD):
        yield ran


def errors(store: Store, job: Job) -> list[tuple[int, str]]:
    return [(message.tool, message.text) for message in store.messages.of(job.id) if message.kind is Kind.ERROR]


def test_a_table_that_was_shown_can_be_fetched_as_csv(store: Store, run: Run) -> None:
    job = run(BROWSE)
    assert job.disposition is Disposition.SUCCESS, errors(store, job)
    (output,) = store.outputs.of(job.id)
    assert (output.kind, output.formats, output.records, output.tool) == (OutputKind.BROWSE, ("Raw", "Csv"), 2, 2)
    content = path_of(store.blobs, output.digest).read_text(encoding="utf-8")
    assert list(csv.reader(content.splitlines())) == RECORDS


def test_a_file_that_was_written_can_be_fetched_as_it_is(store: Store, run: Run) -> None:
    job = run(OUTPUT)
    assert job.disposition is Disposition.SUCCESS, errors(store, job)
    (output,) = store.outputs.of(job.id)
    assert (output.kind, output.name, output.formats) == (OutputKind.FILE, "out.csv", ("Raw", "Csv"))
    assert (output.records, output.tool) == (2, 2)
    content = path_of(store.blobs, output.digest).read_text(encoding="utf-8")
    assert content == 'Region,Sales\nZürich,10\n"East, far",20\n'


def test_files_of_one_name_from_two_folders_are_told_apart(store: Store, run: Run) -> None:
    tools = {
        1: text_input("n", "1"),
        2: node("Output", "<File>a/x.csv</File>"),
        3: node("Output", "<File>b\\x.csv</File>"),
    }
    job = run(workflow(tools, "1 > 2", "1 > 3").decode())
    assert job.disposition is Disposition.SUCCESS, errors(store, job)
    assert [(each.tool, each.name) for each in store.outputs.of(job.id)] == [(2, "x.csv"), (3, "x (2).csv")]
    assert (3, '"b/x.csv" is the output "x (2).csv"') in [(each.tool, each.text) for each in store.messages.of(job.id)]


def test_a_missing_tool_is_an_error_that_names_it(store: Store, run: Run) -> None:
    job = run(UNKNOWN)
    assert job.disposition is Disposition.ERROR
    assert any(tool == 2 and "AcmeTools.Foo" in text for tool, text in errors(store, job))
    assert store.outputs.of(job.id) == []


def test_what_is_no_workflow_is_an_error(store: Store, run: Run) -> None:
    job = run("this is no workflow")
    assert job.disposition is Disposition.ERROR
    ((tool, text),) = errors(store, job)
    assert tool == -1
    assert "Sales.yxmd" in text
    assert "Traceback" not in text


def test_an_answer_that_fits_no_question_is_an_error(store: Store, run: Run) -> None:
    job = run(BROWSE, {"Colour": "red"})
    assert job.disposition is Disposition.ERROR
    assert "Colour" in errors(store, job)[0][1]
