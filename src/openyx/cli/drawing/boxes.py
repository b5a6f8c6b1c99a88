"""Containers and text boxes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from openyx.cli.drawing.layout import Place, Thing
from openyx.cli.drawing.svg import lines, tag, wrapped
from openyx.document import Element

_BAR = 22.0
_SMALLEST, _LARGEST = 6.0, 96.0
_CENTRED = 4
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_NAME = re.compile(r"[A-Za-z]{3,24}")
_MAGIC = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif"}


def container(thing: Thing) -> str:
    """A container: its bar with the caption, and its ground."""
    settings, place = thing.node.configuration, thing.place
    style = settings.find("Style") or Element("Style")
    border = _hex(style.get("BorderColor"), "#314c4a")
    caption = wrapped(settings.words("Caption"), room=place.width - 40, size=11, most=1)
    off = settings.value("Disabled").strip().lower() in ("true", "1")
    height = _BAR if thing.folded else place.height
    parts = [
        tag("rect", **_box(place, height), rx=4, fill=_hex(style.get("FillColor"), "#ecf2f2"), fill_opacity=0.55),
        tag("rect", **_box(place, _BAR), rx=4, fill=border, fill_opacity=0.14),
        tag("rect", **_box(place, height), rx=4, fill="none", stroke=border, stroke_dasharray="5 4" if off else "none"),
        lines(["▸" if thing.folded else "▾"], x=place.x + 12, y=place.y + 15, size=11, fill="#314c4a"),
        lines(caption, x=place.x + 24, y=place.y + 15, size=11, anchor="start", fill="#22302f", font_weight="600"),
    ]
    return "".join(parts)


def text_box(thing: Thing) -> str:
    """A note: its picture, and its text in its own size and colours."""
    settings, place = thing.node.configuration, thing.place
    parts = [tag("rect", **_box(place, place.height), rx=2, **_ground(settings))]
    picture = _picture(settings.words("BG_Image"))
    if picture:
        fit = "xMidYMid meet"
        parts.append(tag("image", **_box(place, place.height), href=picture, preserveAspectRatio=fit))
    return "".join([*parts, *_words(settings, place)])


def _words(settings: Element, place: Place) -> Iterator[str]:
    font = settings.find("Font") or Element("Font")
    size = min(max(_float(font.get("size"), 8.25) * 4 / 3, _SMALLEST), _LARGEST)
    style, justified = int(_float(font.get("style"), 0)), _justification(settings)
    shown = settings.find("Text")
    rows = wrapped(
        shown.text if shown else settings.words("URL"),
        room=place.width - 8,
        size=size,
        most=max(int((place.height + size * 0.4) / (size * 1.2)), 1),
    )
    down, across = divmod(justified, 3)
    free = place.height - len(rows) * size * 1.2
    x = (place.x + 4, place.centre, place.right - 4)[across]
    yield lines(
        rows,
        x=x,
        y=place.y + max(free, 0) * down / 2 + size,
        size=size,
        anchor=("start", "middle", "end")[across],
        fill=_colour(settings.find("TextColor"), "#000000"),
        font_weight="bold" if style & 1 else "normal",
        font_style="italic" if style & 2 else "normal",
    )


def _justification(settings: Element) -> int:
    """Three rows of left, centre, right, counted from the top left (we assume); the middle where it says nothing."""
    found = settings.find("Justification")
    written = found.get("Justification") if found else ""
    return int(written) if re.fullmatch("[0-8]", written) else _CENTRED


def _ground(settings: Element) -> dict[str, str]:
    """Shape 3 has neither outline nor ground (we assume): white text on white is written in it."""
    shape = settings.find("Shape")
    if shape is not None and shape.get("shape") == "3":
        return {"fill": "none"}
    return {"fill": _colour(settings.find("FillColor"), "none"), "stroke": "#9aa5ad", "stroke_width": "0.8"}


def _box(place: Place, height: float) -> dict[str, float]:
    return {"x": place.x, "y": place.y, "width": place.width, "height": height}


def _picture(encoded: str) -> str:
    """A picture as an address; nothing for what is none of the kinds that a browser shows."""
    try:
        kind = next((_MAGIC[magic] for magic in _MAGIC if base64.b64decode(encoded[:16]).startswith(magic)), None)
        content = base64.b64encode(base64.b64decode(encoded, validate=False)) if kind else b""
    except binascii.Error:
        return ""
    return f"data:image/{kind};base64,{content.decode()}" if content else ""


def _colour(element: Element | None, default: str) -> str:
    if element is None:
        return default
    if _NAME.fullmatch(element.get("name")):
        return element.get("name").lower()
    shares = [element.get(each) for each in "rgb"]
    if all(re.fullmatch(r"\d{1,3}", share) for share in shares):
        return "#" + "".join(f"{min(int(share), 255):02x}" for share in shares)
    return default


def _hex(written: str, default: str) -> str:
    return written if _HEX.fullmatch(written) else default


def _float(written: str, default: float) -> float:
    return float(written) if re.fullmatch(r"\d{1,4}(\.\d{1,9})?", written) else default
