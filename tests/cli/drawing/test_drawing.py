"""The picture of a workflow: where things stand, what is hidden, greyed and dashed, and that any text is only text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from openyx.cli.drawing import drawn
from openyx.document import ENDINGS, parse, read
from openyx.errors import DocumentError
from openyx.testing import workflow

SVG = "{http://www.w3.org/2000/svg}"


def placed(plugin: str, x: int, y: int, *, settings: str = "", size: str = "", inside: str = "", note: str = "") -> str:
    return (
        f'<GuiSettings Plugin="{plugin}"><Position x="{x}" y="{y}" {size}/></GuiSettings><Properties>'
        f"<Configuration>{settings}</Configuration><Annotation>{note}</Annotation></Properties>"
        + (f"<ChildNodes>{inside}</ChildNodes>" if inside else "")
    )


SORT = "AlteryxBasePluginsGui.Sort.Sort"
FILTER = "AlteryxBasePluginsGui.Filter.Filter"
CONTAINER = "AlteryxGuiToolkit.ToolContainer.ToolContainer"
NOTE = "AlteryxGuiToolkit.TextBox.TextBox"


def picture(nodes: dict[int, str], *lines: str) -> ET.Element:
    return ET.fromstring(drawn(parse(workflow(nodes, *lines), "w.yxmd")))


def texts(svg: ET.Element) -> list[str]:
    return ["".join(each.itertext()) for each in svg.iter(f"{SVG}text")]


def paths(svg: ET.Element) -> list[dict[str, str]]:
    return [each.attrib for each in svg.iter(f"{SVG}path")]


def test_a_line_goes_from_the_right_of_one_tool_to_the_left_of_the_other() -> None:
    (line,) = paths(picture({1: placed(SORT, 100, 50), 2: placed(SORT, 300, 150)}, "1 > 2"))
    assert line["d"].startswith("M159 79.5C")
    assert line["d"].endswith(" 300 179.5")


def test_anchors_of_one_side_stand_below_each_other() -> None:
    nodes = {1: placed(FILTER, 0, 0), 2: placed(SORT, 300, 0), 3: placed(SORT, 300, 200)}
    yes, no = (
        float(line["d"].split()[1].partition("C")[0]) for line in paths(picture(nodes, "1.True > 2", "1.False > 3"))
    )
    assert 0 < yes < no < 59


def test_tools_carry_their_number_their_name_and_their_note() -> None:
    svg = picture({7: placed(SORT, 0, 0, note="<Name/><AnnotationText>by region</AnnotationText>")})
    assert {"7", "Sort", "by region"} <= set(texts(svg))
    named = picture({7: placed(SORT, 0, 0, note="<Name>Largest first</Name>")})
    assert "Largest first" in texts(named)


def test_a_note_that_is_hidden_is_not_drawn() -> None:
    note = '<Annotation DisplayMode="2"><AnnotationText>secret</AnnotationText></Annotation>'
    node = placed(SORT, 0, 0).replace("<Annotation></Annotation>", note)
    assert "secret" not in texts(picture({1: node}))


def test_wireless_lines_are_dashed() -> None:
    document = workflow({1: placed(SORT, 0, 0), 2: placed(SORT, 200, 0)}, "1 > 2", "1 > 2")
    wireless = document.replace(b"<Connection>", b'<Connection Wireless="True">', 1)
    svg = ET.fromstring(drawn(parse(wireless, "w.yxmd")))
    assert [line["stroke-dasharray"] for line in paths(svg)] == ["5 4", "none"]


def test_what_is_in_a_disabled_container_is_grey() -> None:
    inside = f'<Node ToolID="2">{placed(SORT, 20, 40)}</Node>'
    box = placed(CONTAINER, 0, 0, settings='<Disabled value="True"/>', size='width="200" height="150"', inside=inside)
    svg = picture({1: box, 3: placed(SORT, 400, 0)}, "2 > 3")
    grey = {each.findtext(f"{SVG}title") for each in svg.iter(f"{SVG}g") if "saturate" in each.get("style", "")}
    assert grey == {"Tool Container, tool 1 (Tool Container)", "Sort, tool 2 (Sort)"}
    (line,) = paths(svg)
    assert float(line["opacity"]) < 0.5


def test_a_folded_container_hides_its_tools_and_takes_their_lines() -> None:
    inside = f'<Node ToolID="2">{placed(SORT, 20, 400)}</Node><Node ToolID="3">{placed(SORT, 120, 400)}</Node>'
    box = placed(CONTAINER, 0, 0, settings='<Folded value="True"/>', size='width="140" height="24"', inside=inside)
    svg = picture({1: box, 4: placed(SORT, 400, 0)}, "2 > 3", "3 > 4")
    assert "2" not in texts(svg)
    (line,) = paths(svg)
    assert line["d"].startswith("M140 12C")


def test_text_is_only_text() -> None:
    nasty = "<script>alert(1)</script> & ]]> \"'"
    settings = f"<Text>{nasty.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</Text>"
    svg = picture({1: placed(NOTE, 0, 0, settings=settings, size='width="600" height="60"')})
    assert nasty in texts(svg)
    assert {each.tag.removeprefix(SVG) for each in svg.iter()} <= {"svg", "title", "rect", "g", "text", "tspan"}


def test_only_pictures_become_pictures() -> None:
    size = 'width="60" height="60"'
    shown = picture({1: placed(NOTE, 0, 0, settings="<BG_Image>iVBORw0KGgoAAAANSUhEUgAA</BG_Image>", size=size)})
    assert [each.get("href", "")[:22] for each in shown.iter(f"{SVG}image")] == ["data:image/png;base64,"]
    for other in ("PHN2Zz48L3N2Zz4AAAAA", "no base64!", "https://example.com/x.png"):
        svg = picture({1: placed(NOTE, 0, 0, settings=f"<BG_Image>{other}</BG_Image>", size=size)})
        assert not list(svg.iter(f"{SVG}image")), other


@pytest.mark.parametrize(
    "position", ["", '<Position x="a" y="1"/>', '<Position x="nan" y="1e400"/>', '<Position x="1"/>']
)
def test_tools_without_a_place_stand_below_the_others(position: str) -> None:
    lost = f'<GuiSettings Plugin="{SORT}">{position}</GuiSettings>'
    svg = picture({1: placed(SORT, 0, 100), 2: lost, 3: lost})
    (first, second, third) = ((float(each.get("cx", 0)), float(each.get("cy", 0))) for each in bodies(svg))
    assert first[1] < second[1] == third[1]
    assert second[0] < third[0]


def bodies(svg: ET.Element) -> Iterator[ET.Element]:
    return (each for each in svg.iter(f"{SVG}circle") if float(each.get("r", 0)) > 10)


def test_a_workflow_without_tools_is_an_empty_picture() -> None:
    assert texts(picture({})) == []


@pytest.mark.shared
def test_every_real_workflow_is_drawn_within_its_bounds(shared: Path) -> None:
    drawings = 0
    for path in sorted((shared / "corpus").rglob("*")):
        if path.suffix.lower() not in ENDINGS:
            continue
        try:
            document = read(path)
        except DocumentError:
            continue
        svg = ET.fromstring(drawn(document))
        x, y, width, height = map(float, svg.attrib["viewBox"].split())
        for each in svg.iter(f"{SVG}text"):
            assert x <= float(each.attrib["x"]) <= x + width, path
            assert y <= float(each.attrib["y"]) <= y + height, path
        drawings += 1
    assert drawings > 700
