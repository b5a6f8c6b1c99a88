"""The whole picture: boxes at the bottom, lines above them, tools on top."""

from __future__ import annotations

from collections.abc import Iterator

from openyx.cli.drawing.boxes import container, text_box
from openyx.cli.drawing.layout import Layout, Thing
from openyx.cli.drawing.svg import FONT, lines, tag, text, width, wrapped
from openyx.document import Connection, Document

_ANCHOR = 5.0
_LABEL = 92.0
_WIRE, _WIRING = "#7b8791", "#c08a2e"
_HALO = {"stroke": "#ffffff", "stroke_width": "2", "stroke_opacity": "0.7", "paint_order": "stroke"}
_GREY = "opacity:.42;filter:saturate(0)"


def drawn(document: Document) -> str:
    """A document as SVG: everything at its place, what is in disabled containers greyed."""
    layout = Layout(document)
    things, bounds = layout.things.values(), layout.bounds
    parts = [
        tag("title", text(document.meta.name or document.name)),
        tag("rect", x=bounds.x, y=bounds.y, width=bounds.width, height=bounds.height, fill="#ffffff"),
        *(_shown(each, _box(each)) for each in things if each.is_box),
        *(_line(layout, each) for each in document.connections),
        *(_shown(each, "".join(_tool(each))) for each in things if not each.is_box),
    ]
    return tag(
        "svg",
        *(f"\n{part}" for part in parts if part),
        "\n",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{bounds.x:.7g} {bounds.y:.7g} {bounds.width:.7g} {bounds.height:.7g}",
        width=bounds.width,
        height=bounds.height,
        font_family=FONT,
    )


def _shown(thing: Thing, content: str) -> str:
    title = tag("title", text(_told(thing)))
    return tag("g", title, content, style=_GREY) if _is_off(thing) else tag("g", title, content)


def _is_off(thing: Thing) -> bool:
    own = thing.look.name == "Tool Container" and thing.node.configuration.value("Disabled").lower() in ("true", "1")
    return thing.node.disabled or own


def _told(thing: Thing) -> str:
    said = f"{thing.look.name}, {thing.node.title}"
    annotation = _annotation(thing)
    return f"{said}\n{annotation}" if annotation else said


def _box(thing: Thing) -> str:
    return container(thing) if thing.look.name == "Tool Container" else text_box(thing)


def _tool(thing: Thing) -> Iterator[str]:
    place, colour = thing.place, thing.look.colour
    yield _shape(thing)
    size = 17 if width(thing.look.letters, 17) < place.width - 22 else 13
    yield lines([thing.look.letters], x=place.centre, y=place.y + 35.5, size=size, fill="#ffffff", font_weight="600")
    for anchors, x in ((thing.inputs, place.x), (thing.outputs, place.right)):
        for anchor in anchors:
            yield from _anchor(anchor, x, thing.height_of(anchor, anchors), colour, alone=len(anchors) == 1)
    yield lines([str(thing.node.id)], x=place.centre, y=place.y - 2, size=8, fill="#8a949c")
    name = wrapped(thing.node.name or thing.look.name, room=_LABEL, size=10, most=2)
    yield lines(
        name, x=place.centre, y=place.bottom + 11, size=10, anchor="middle", fill="#22302f", font_weight="600", **_HALO
    )
    said = _annotation(thing)
    note = wrapped("" if said == thing.node.name else said, room=_LABEL, size=9, most=3)
    yield lines(
        note, x=place.centre, y=place.bottom + 11 + 12 * len(name), size=9, anchor="middle", fill="#4d5963", **_HALO
    )


def _shape(thing: Thing) -> str:
    """The body, a few points inside its place, where the anchors are."""
    place, fill = thing.place, thing.look.colour
    x, y, middle, centre = place.x + 7, place.y + 7, place.y + place.height / 2, place.centre
    side = place.width - 14
    match thing.look.shape:
        case "circle":
            return tag("circle", cx=centre, cy=middle, r=side / 2, fill=fill)
        case "hexagon":
            points = [(x, middle), (x + 11, y), (x + side - 11, y), (x + side, middle)]
            points += [(x + side - 11, y + side), (x + 11, y + side)]
            return tag("polygon", points=" ".join(f"{a:.7g},{b:.7g}" for a, b in points), fill=fill)
        case "pill":
            return tag("rect", x=x, y=y + 4, width=side, height=side - 8, rx=18, fill=fill)
        case _:
            return tag("rect", x=x, y=y, width=side, height=side, rx=8, fill=fill)


def _anchor(name: str, x: float, y: float, colour: str, *, alone: bool) -> Iterator[str]:
    yield tag("circle", cx=x, cy=y, r=_ANCHOR, fill="#ffffff", stroke=colour, stroke_width=1.4)
    if not alone:
        letter = name[-1] if name[-1:].isdigit() else name[:1].upper()
        yield lines([letter], x=x, y=y + 2.4, size=7, fill=colour, font_weight="700")


def _line(layout: Layout, line: Connection) -> str:
    ends = layout.ends(line)
    if ends is None:
        return ""
    origin, destination = ends
    off = any(map(_is_off, ends))
    shape = {"fill": "none", "stroke_dasharray": "5 4" if line.wireless else "none", "opacity": 0.35 if off else 1}
    told = tag("title", text(f"{line.origin} {line.anchor} → {line.destination} {line.input} {line.name}".strip()))
    if line.is_wiring:
        path = _falling(origin.place.centre, origin.place.bottom - 7, destination.place.centre, destination.place.y + 7)
        return tag("path", told, d=path, stroke=_WIRING, stroke_width=1, **shape)
    x, y = origin.place.right, origin.height_of(line.anchor, origin.outputs)
    to_x, to_y = destination.place.x, destination.height_of(line.input, destination.inputs)
    wire = tag("path", told, d=_flowing(x, y, to_x, to_y), stroke=_WIRE, stroke_width=1.5, **shape)
    number = line.name if line.name.startswith("#") else ""
    return wire + lines([number], x=to_x - 12, y=to_y - 4, size=8, fill="#6a757e") if number else wire


def _flowing(x: float, y: float, to_x: float, to_y: float) -> str:
    """From the right side of one to the left side of another."""
    bend = max(abs(to_x - x) / 2, 24.0) if to_x > x else min(60.0 + abs(to_x - x) / 4, 160.0)
    return f"M{x:.7g} {y:.7g}C{x + bend:.7g} {y:.7g} {to_x - bend:.7g} {to_y:.7g} {to_x:.7g} {to_y:.7g}"


def _falling(x: float, y: float, to_x: float, to_y: float) -> str:
    """From the lower side of one to the upper side of another."""
    bend = max(abs(to_y - y) / 2, 24.0)
    return f"M{x:.7g} {y:.7g}C{x:.7g} {y + bend:.7g} {to_x:.7g} {to_y - bend:.7g} {to_x:.7g} {to_y:.7g}"


def _annotation(thing: Thing) -> str:
    """The text below a tool: its author's, else the one that was made for it; some tools hide it."""
    found = thing.node.element.find("Properties/Annotation")
    if found is None or found.get("DisplayMode") == "2" or thing.is_box:
        return ""
    return found.words("AnnotationText") or found.words("DefaultAnnotationText")
