"""The score as one page that needs nothing else: the table by group, what was found, and the files to look into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from openyx.cli.scoring.telling import HEADS, READY, aims, ranked, rows, share
from openyx.cli.scoring.verdict import About, Finding, Verdict
from openyx.cli.shell.output import clean

_FILE_HEADS = ("file", "read", "inputs", "ran", "checks", "fields", "orders", "missing", "reason")


def page(title: str, verdicts: Sequence[Verdict], *, tolerance: float) -> str:
    """The page's HTML."""
    return _PAGE.format(
        title=_safe(title),
        style=_STYLE,
        script=_SCRIPT,
        aims="".join(f"<li>{_safe(line)}</li>" for line in aims(verdicts)),
        told=f"{READY} Numbers are taken for equal within {tolerance:g} of the larger one.",
        groups=_table(HEADS, ([_cell(value) for value in line] for line in rows(verdicts))),
        ranks="".join(_ranks(verdicts, about) for about in About),
        files=_table(_FILE_HEADS, (_file(each) for each in verdicts), name="files"),
    )


def _ranks(verdicts: Sequence[Verdict], about: About) -> str:
    found = ranked(verdicts, about)
    if not found:
        return ""
    lines = _table(("files", "what"), ([_cell(count), _cell(what)] for what, count in found))
    return f"<details><summary>{about.value.capitalize()} ({len(found)})</summary>{lines}</details>"


def _file(verdict: Verdict) -> list[str]:
    findings = "".join(f"<li>{_said(found)}</li>" for found in verdict.findings)
    reason = _safe(verdict.reason)
    more = f"<details><summary>{reason}</summary><ul>{findings}</ul></details>" if findings else reason
    return [
        _cell(verdict.path),
        *(_truth(value) for value in (verdict.read, verdict.inputs, verdict.ran)),
        *(
            _share(good, number)
            for good, number in (
                (verdict.held, verdict.checks),
                (verdict.fields_equal, verdict.fields),
                (verdict.order_equal, verdict.anchors_ordered),
            )
        ),
        _cell(len(verdict.missing)),
        f"<td>{more}</td>",
    ]


def _said(finding: Finding) -> str:
    tool = f"tool {finding.tool}: " if finding.tool >= 0 else ""
    detail = f" <i>{_safe(finding.detail)}</i>" if finding.detail else ""
    return f"{_safe(finding.about.value)}: {tool}{_safe(finding.what)}{detail}"


def _table(heads: Iterable[str], lines: Iterable[Sequence[str]], *, name: str = "") -> str:
    top = "".join(f"<th>{_safe(head)}</th>" for head in heads)
    body = "".join(f"<tr>{''.join(cells)}</tr>" for cells in lines)
    mark = f' id="{name}"' if name else ""
    return f"<table{mark}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    number = ' class="n"' if isinstance(value, int) else ""
    return f"<td{number}>{_safe(str(value))}</td>"


def _truth(value: bool) -> str:
    return f'<td class="{"yes" if value else "no"}">{"yes" if value else "no"}</td>'


def _share(good: int, number: int) -> str:
    kind = "" if not number else "yes" if good == number else "no"
    return f'<td class="n {kind}" data-sort="{number - good}">{share(good, number)}</td>'


def _safe(text: str) -> str:
    return escape(clean(text))


_STYLE = """
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif }
body { margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 1rem }
th, td { padding: .2rem .6rem; text-align: left; vertical-align: top; border-bottom: 1px solid #8884 }
th { cursor: pointer; position: sticky; top: 0; background: Canvas; white-space: nowrap }
td { overflow-wrap: anywhere }
.n { text-align: right; font-variant-numeric: tabular-nums }
.yes { color: #2a7d2a } .no { color: #c22 }
input { font: inherit; width: 30rem; max-width: 100% }
"""
_SCRIPT = """
for (const table of document.querySelectorAll("table"))
  table.tHead.rows[0].childNodes.forEach((head, column) => {
    let up = true;
    head.onclick = () => {
      const key = row => row.cells[column].dataset.sort ?? row.cells[column].textContent;
      const order = (a, b) => key(a).localeCompare(key(b), undefined, { numeric: true });
      const rows = [...table.tBodies[0].rows].sort((a, b) => up ? order(a, b) : order(b, a));
      up = !up;
      table.tBodies[0].append(...rows);
    };
  });
const filter = document.querySelector("input");
filter.oninput = () => {
  const words = filter.value.toLowerCase().split(" ");
  for (const row of document.querySelector("#files").tBodies[0].rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every(word => text.includes(word));
  }
};
"""
_PAGE = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<title>Score of {title}</title>
<style>{style}</style>
<h1>Score of {title}</h1>
<ul>{aims}</ul>
{groups}
<p>{told}
A click on a head sorts by it.</p>
{ranks}
<h2>Files</h2>
<p><input type="search" placeholder="words that a file's line holds" aria-label="filter"></p>
{files}
<script>{script}</script>
</html>
"""
