"""A workflow is started by name and followed; how it ends is the exit status."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from tests.cli.conftest import Served, Yx


def saved(folder: Path) -> list[str]:
    """The files that the first sample makes: what it writes, and what a Browse looks at."""
    return [str(folder / "Not paid yet.csv"), str(folder / "best customers.csv")]


APP = ("Price list", "-a", "Valid from=2026-07-01")


def test_it_waits_and_saves_the_files(yx: Yx, gallery: Served, tmp_path: Path) -> None:
    yx.log_in(gallery)
    done = yx("run", "Best customers", "--output", tmp_path / "out")
    assert done.code == 0
    assert sorted(done.lines) == saved(tmp_path / "out")
    assert (tmp_path / "out" / "best customers.csv").read_text("utf-8-sig").startswith("Customer,Orders")


def test_in_a_pipe_each_state_is_one_line_on_standard_error(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    done = yx("run", "best CUSTOMERS")
    states = [line.partition("Best customers: ")[2] for line in done.err.splitlines()]
    assert states[0] in ("Queued", "Running")
    assert "Completed: Success" in states
    assert "\x1b" not in done.err


def test_json_is_the_record_of_the_api_with_the_saved_paths(yx: Yx, gallery: Served, tmp_path: Path) -> None:
    yx.log_in(gallery)
    done = yx("run", "Best customers", "--output", tmp_path / "out", "--json")
    assert (done.code, done.err) == (0, "")
    assert (done.json["status"], done.json["disposition"]) == ("Completed", "Success")
    assert sorted(done.json["saved"]) == saved(tmp_path / "out")
    assert {"id", "appId", "outputs", "messages", "priority"} <= set(done.json)


@pytest.mark.parametrize("kind", ["user", "studio"])
def test_answers_go_with_it(yx: Yx, gallery: Served, tmp_path: Path, kind: str) -> None:
    yx.log_in(gallery, kind=kind)
    answers = json.dumps({"Currency": "GBP", "With tax": False})
    done = yx("run", *APP, "--answers", "-", "-a", "Customer=Zoë", "--output", tmp_path, given=answers)
    assert done.code == 0, done.err
    rows = [line.split(",") for line in (tmp_path / "price list.csv").read_text("utf-8-sig").splitlines()[1:]]
    assert {(row[0], row[-2], row[-1]) for row in rows} == {("Zoë", "GBP", "False")}


def test_a_failed_run_tells_why(yx: Yx, gallery: Served) -> None:
    yx.log_in(gallery)
    failed = yx("run", "Stock check")
    assert (failed.code, failed.out) == (1, "")
    assert "Nothing is below its minimum" in failed.err
    assert "warning: tool 4: Order Decaf: 8 kg left of at least 15" in failed.err
    as_json = yx("run", "Stock check", "--json")
    assert (as_json.code, as_json.error["code"], as_json.json["disposition"]) == (1, "job_failed", "Error")


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (("Nothing of that name",), 4, "not_found"),
        (("--id", "6b0000000000000000000000"), 4, "not_found"),
        (("Price list",), 2, "answer_error"),
        (("Price list", "-a", "Valid from=tomorrow"), 2, "answer_error"),
        (("Price list", "-a", "Nobody asked=1"), 2, "answer_error"),
        (("Price list", "-a", "no equals sign"), 2, "usage"),
        (("Price list", "--timeout", "soon"), 2, "usage"),
        (("./no such file.yxmd",), 2, "asked_wrongly"),
        (("Price list", "--id", "6b0000000000000000000000"), 2, "usage"),
        ((), 2, "usage"),
    ],
)
def test_what_cannot_be_started_has_its_exit_status(
    yx: Yx, gallery: Served, arguments: tuple[str, ...], status: int, code: str
) -> None:
    yx.log_in(gallery)
    refused = yx("run", *arguments, "--json", given="1\n2\n3\n")
    assert (refused.code, refused.error["code"], refused.out) == (status, code, "")


def test_without_a_gallery_it_says_how_to_get_one(yx: Yx) -> None:
    refused = yx("run", "Anything", "--json")
    assert refused.code == 2
    assert "yx login" in refused.error["hint"]


def test_a_path_runs_the_file_here(yx: Yx, tmp_path: Path) -> None:
    assert yx("samples", tmp_path).code == 0
    done = yx("run", tmp_path / "Best customers.yxmd", "--output", tmp_path / "out", "--json")
    assert (done.code, done.json["disposition"]) == (0, "Success")
    assert done.json["saved"] == [str(tmp_path / "out" / "best customers.csv")]


@pytest.mark.parametrize(
    "option",
    [
        ("--timeout", "1h"),
        ("--timeout", "0"),
        ("--no-wait",),
        ("--format", "Csv"),
        ("--priority", "Low"),
        ("--profile", "work"),
    ],
    ids=" ".join,
)
def test_what_is_for_a_gallery_is_refused_for_a_path(yx: Yx, tmp_path: Path, option: tuple[str, ...]) -> None:
    refused = yx("run", tmp_path / "any.yxmd", *option, "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert refused.error["message"].startswith(f"{option[0]} is for workflows of a gallery")


@pytest.mark.parametrize(
    "options",
    [
        ("--output", "x", "--no-wait"),
        ("--format", "Csv", "--no-wait"),
        ("--timeout", "1h", "--no-wait"),
        ("--format", "Csv"),
    ],
    ids=" ".join,
)
def test_options_that_would_count_for_nothing_are_refused(yx: Yx, tmp_path: Path, options: tuple[str, ...]) -> None:
    refused = yx("run", "Best customers", *options, "--json", cwd=tmp_path)
    assert (refused.code, refused.error["code"]) == (2, "usage")
    assert refused.error["message"].startswith(f"{options[0]} is for")


def test_a_format_that_no_file_has_leaves_the_way_to_the_files(yx: Yx, gallery: Served, tmp_path: Path) -> None:
    yx.log_in(gallery)
    ended = yx("run", "Best customers", "--output", tmp_path, "--format", "Foo", "--json")
    assert (ended.code, ended.error["code"]) == (2, "asked_wrongly")
    assert f"yx jobs download {ended.json['id']}" in ended.error["hint"]


def test_not_waiting_prints_the_job(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    done = yx("run", "Best customers", "--no-wait")
    (job,) = done.lines
    assert yx("jobs", "show", job, "--json").json["status"] == "Queued"


def test_a_time_out_leaves_the_job_and_says_how_to_go_on(yx: Yx, idle: Served) -> None:
    yx.log_in(idle)
    ended = yx("run", "Best customers", "--timeout", "0.3s", "--json")
    assert (ended.code, ended.error["code"]) == (5, "timed_out")
    job = ended.json["id"]
    assert job in ended.error["hint"]
    assert yx("jobs", "show", job, "--json").json["status"] == "Queued"
    assert yx("jobs", "wait", job, "--timeout", "0.1s").code == 5


def test_a_folder_that_cannot_be_made_is_told_before_the_start(yx: Yx, idle: Served, tmp_path: Path) -> None:
    yx.log_in(idle)
    before = yx("jobs", "list", "--limit", "1", "--json").json
    (tmp_path / "file").write_text("")
    refused = yx("run", "Best customers", "--output", tmp_path / "file" / "reports", "--json")
    assert (refused.code, refused.error["code"]) == (2, "asked_wrongly")
    assert yx("jobs", "list", "--limit", "1", "--json").json == before


ENDINGS = {signal.SIGINT: "interrupted", signal.SIGTERM: "ended by SIGTERM", signal.SIGHUP: "ended by SIGHUP"}


@pytest.mark.parametrize("number", ENDINGS)
def test_a_signal_in_a_pipe_leaves_the_job(yx: Yx, idle: Served, number: signal.Signals) -> None:
    yx.log_in(idle)
    with subprocess.Popen(
        yx.command("run", "Best customers"), env=yx.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert "Queued" in process.stderr.readline()
        process.send_signal(number)
        out, err = process.communicate()
    assert (process.returncode, out) == (128 + number, "")
    job = err.split("yx jobs wait ")[1].strip()
    assert f"yx: {ENDINGS[number]}; the job {job} goes on" in err
    assert yx("jobs", "show", job, "--json").json["status"] == "Queued"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there is no pseudo-terminal here")
class TestOnATerminal:
    def test_a_workflow_is_chosen_and_its_questions_are_asked(self, yx: Yx, gallery: Served, tmp_path: Path) -> None:
        yx.log_in(gallery)
        with Terminal(yx.command("run", "--output", tmp_path), yx.env) as terminal:
            terminal.expect("Price list")
            terminal.expect("Which one?")
            terminal.press("price\n")
            terminal.expect("Who is it for?")
            terminal.press("Museum Shop\n")
            terminal.expect("US dollar")
            terminal.expect("Prices in")
            terminal.press("2\n")
            terminal.expect("From which day?")
            terminal.press("2026-13-01\n")
            terminal.expect("does not answer")
            terminal.expect("From which day?")
            terminal.press("2026-12-01\n")
            terminal.expect("Discount in percent")
            terminal.press("\n")
            terminal.expect("Prices include tax")
            terminal.press("n\n")
            terminal.expect("price list.csv")
            assert terminal.end() == 0, terminal.text
        rows = [line.split(",") for line in (tmp_path / "price list.csv").read_text("utf-8-sig").splitlines()[1:]]
        assert {(row[0], row[1], row[-2], row[-1]) for row in rows} == {("Museum Shop", "2026-12-01", "USD", "False")}

    def test_with_a_name_only_what_has_no_default_is_asked(self, yx: Yx, gallery: Served) -> None:
        yx.log_in(gallery)
        with Terminal(yx.command("run", "Price list"), yx.env) as terminal:
            terminal.expect("From which day?")
            terminal.press("2026-12-01\n")
            terminal.expect("yx jobs download")
            assert terminal.end() == 0
            assert "Who is it for?" not in terminal.text

    def test_messages_come_above_the_live_line(self, yx: Yx, gallery: Served) -> None:
        yx.log_in(gallery)
        with Terminal(yx.command("run", "Stock check"), yx.env) as terminal:
            terminal.expect("Order Decaf: 8 kg left of at least 15")
            assert terminal.end() == 1

    @pytest.mark.parametrize(("key", "status", "left"), [("d", 130, "Queued"), ("c", 9, "Cancelled")])
    def test_an_interrupt_asks_what_to_do(self, yx: Yx, idle: Served, key: str, status: int, left: str) -> None:
        yx.log_in(idle)
        with Terminal(yx.command("run", "Best customers"), yx.env) as terminal:
            terminal.expect("Queued")
            terminal.interrupt()
            terminal.expect("[d]etach")
            terminal.press("g\n")
            terminal.expect("Queued")
            terminal.interrupt()
            terminal.expect("[d]etach")
            terminal.press(f"{key}\n")
            assert terminal.end() == status, terminal.text
        assert yx("jobs", "list", "--json").json[0]["status"] == left

    def test_no_colours_where_nobody_wants_them(self, yx: Yx, gallery: Served) -> None:
        yx.log_in(gallery)
        with Terminal(yx.command("list"), yx.env | {"NO_COLOR": "1"}) as terminal:
            terminal.expect("Price list")
            assert terminal.end() == 0
            assert b"\x1b[3" not in terminal.seen
