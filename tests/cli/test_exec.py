"""A file runs here, with the gallery's exit statuses or the vendor's."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import PATIENCE

if TYPE_CHECKING:
    from tests.cli.conftest import Yx


@pytest.fixture
def samples(yx: Yx, tmp_path: Path) -> Path:
    assert yx("samples", tmp_path / "s").code == 0
    return tmp_path / "s"


def test_the_files_that_it_writes_are_the_data(yx: Yx, samples: Path, tmp_path: Path) -> None:
    done = yx("exec", samples / "Monthly sales.yxmd", "--output", tmp_path / "out")
    assert done.code == 0, done.err
    assert sorted(done.lines) == [
        str(tmp_path / "out" / "monthly sales.csv"),
        str(tmp_path / "out" / "sales to check.csv"),
    ]
    assert not (samples / "monthly sales.csv").exists()


@pytest.mark.parametrize(
    ("name", "code", "end"), [("Best customers", 0, ""), ("Stock check", 2, " with 1 error and 2 warnings")]
)
def test_the_vendor_codes_and_last_line(yx: Yx, samples: Path, name: str, code: int, end: str) -> None:
    done = yx("exec", samples / f"{name}.yxmd", "--engine-codes")
    assert done.code == code, done.err
    last = done.lines[-1]
    assert last.startswith("Finished in ")
    assert last.endswith(f" seconds{end}")


@pytest.mark.parametrize(
    ("content", "code"),
    [("<html></html>", "document_error"), ("", "document_error"), ("<AlteryxDocument>", "document_error")],
)
def test_a_file_that_is_no_workflow_is_asked_wrongly(yx: Yx, tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "x.yxmd").write_text(content)
    refused = yx("exec", tmp_path / "x.yxmd", "--json")
    assert (refused.code, refused.error["code"]) == (2, "document_error")
    assert "x.yxmd" in refused.error["message"]


def test_a_file_that_is_not_there_is_a_usage_error(yx: Yx, tmp_path: Path) -> None:
    refused = yx("exec", tmp_path / "none.yxmd", "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")


def test_a_missing_input_is_an_error_of_the_run(yx: Yx, samples: Path) -> None:
    (samples / "data" / "sales.csv").unlink()
    failed = yx("exec", samples / "Monthly sales.yxmd", "--json")
    assert (failed.code, failed.error["code"]) == (1, "job_failed")
    assert "sales.csv" in failed.error["message"]
    assert "failed: tool " in failed.error["message"]


ENDLESS = """<AlteryxDocument yxmdVer="2021.4"><Nodes>
<Node ToolID="1"><GuiSettings Plugin="AlteryxBasePluginsGui.GenerateRows.GenerateRows"/>
<Properties><Configuration><UpdateField value="False"/><CreateField_Name>n</CreateField_Name>
<CreateField_Type>Int64</CreateField_Type><Expression_Init>1</Expression_Init>
<Expression_Cond>n &lt; 900000000</Expression_Cond><Expression_Loop>n + 1</Expression_Loop></Configuration>
</Properties></Node>
<Node ToolID="2"><GuiSettings Plugin="AlteryxBasePluginsGui.DbFileOutput.DbFileOutput"/>
<Properties><Configuration><File FileFormat="0">n.csv</File></Configuration></Properties></Node>
</Nodes><Connections><Connection><Origin ToolID="1" Connection="Output"/><Destination ToolID="2" Connection="Input"/>
</Connection></Connections></AlteryxDocument>"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("command", ["exec", "run"])
def test_a_signal_ends_a_run_and_leaves_nothing_behind(
    yx: Yx, tmp_path: Path, command: str, number: signal.Signals
) -> None:
    (tmp_path / "n.yxmd").write_text(ENDLESS)
    arguments = yx.command(command, tmp_path / "n.yxmd", "--output", tmp_path / "out")
    with subprocess.Popen(arguments, env=yx.env, stderr=subprocess.PIPE, text=True) as process:
        while not any(each.stat().st_size for each in (tmp_path / "out").glob(".n.csv*")):
            assert process.poll() is None
        process.send_signal(number)
        assert process.wait(PATIENCE) == 128 + number
        assert process.stderr is not None
        said = process.stderr.read().splitlines()
    assert said[-1] == ("yx: interrupted" if number is signal.SIGINT else f"yx: ended by {number.name}")
    assert list((tmp_path / "out").iterdir()) == []
    assert list((yx.home / "tmp").iterdir()) == []


def test_a_quiet_run_with_the_vendor_codes_still_tells_its_errors(yx: Yx, samples: Path) -> None:
    done = yx("exec", samples / "Stock check.yxmd", "--engine-codes", "-q")
    assert done.code == 2
    assert [line.partition(":")[0] for line in done.err.splitlines()] == ["error"]
    assert len(done.lines) == 1
