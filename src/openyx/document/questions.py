"""The questions that an app asks, flat and in the order of its interface."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from openyx.document.properties import constants
from openyx.document.xml import Element

API_TYPES = {
    "TextBox": "QuestionTextBox",
    "NumericUpDown": "QuestionNumericUpDown",
    "BooleanGroup": "QuestionBooleanGroup",
    "RadioGroup": "QuestionRadioGroup",
    "ListBox": "QuestionListBox",
    "Date": "QuestionDate",
    "FileBrowse": "QuestionFileBrowse",
    "FolderBrowse": "QuestionFolderBrowse",
    "Tree": "QuestionTree",
    "Map": "QuestionMap",
}
"""The kinds of question that are answered, and what the REST API calls them. All others are layout, or of macros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapping:
    """How the chosen items of a list box become one text; without one it is ``a=True,b=False``."""

    start: str
    separator: str
    end: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. ``type`` is the REST API's word, ``description`` the label, ``name`` the key of the answer.

    ``default`` is nothing where the app names none. ``items`` are pairs of what is shown and what is sent. ``mode``
    says where the items of a list come from (``Manual``: from the app itself).
    """

    name: str
    kind: str
    description: str
    tool: int
    default: str | None = None
    items: tuple[tuple[str, str], ...] = ()
    mode: str = ""
    multiple: bool = False
    wrapping: Wrapping | None = None
    selected: bool = False
    minimum: float | None = None
    maximum: float | None = None
    increment: float | None = None
    decimals: int | None = None
    password: bool = False
    multiline: bool = False
    hidden: bool = False
    save_as: bool = False

    @property
    def type(self) -> str:
        """The REST API's name for this kind of question."""
        return API_TYPES[self.kind]

    @property
    def required(self) -> bool:
        """Only the user can say it: a date, a path or one item of a list, for which the app names no default."""
        one_of_list = self.kind == "ListBox" and not self.multiple
        return self.default is None and (one_of_list or self.kind in ("Date", "FileBrowse", "FolderBrowse"))


def questions(root: Element) -> tuple[Question, ...]:
    """The questions of a document; none for a plain workflow."""
    standing = {
        constant.name: constant.value
        for constant in constants(root)
        if constant.namespace == "Question" and constant.value
    }
    return tuple(
        question
        for top in root.all("Properties/RuntimeProperties/Questions/Question")
        for question in _questions(top, standing)
    )


def names(root: Element) -> dict[int, str]:
    """The names of all questions by the number of their tool, those of macros and of the layout, too."""
    waiting = list(root.all("Properties/RuntimeProperties/Questions/Question"))
    found: dict[int, str] = {}
    while waiting:
        element = waiting.pop()
        found[int(_number(element.value("ToolId")) or 0)] = element.words("Name")
        waiting.extend(element.all("Questions/Question"))
    return found


def _questions(element: Element, standing: Mapping[str, str]) -> Iterator[Question]:
    if element.words("Type") in API_TYPES:
        yield _question(element, element.words("Type"), standing)
    for child in element.all("Questions/Question"):
        yield from _questions(child, standing)


def _question(element: Element, kind: str, standing: Mapping[str, str]) -> Question:
    decimals = _number(element.value("Decimals"))
    items = tuple(_items(element)) if kind == "ListBox" else ()
    default = _default(element, kind)
    return Question(
        name=element.words("Name"),
        kind=kind,
        description=element.words("Description"),
        tool=int(_number(element.value("ToolId")) or 0),
        default=standing.get(element.words("Name")) if default is None else dict(items).get(default, default),
        items=items,
        mode=element.words("Mode"),
        multiple=_flag(element, "Multiple"),
        wrapping=_wrapping(element),
        selected=_flag(element, "Multiple_Default"),
        minimum=_number(element.value("Minimum")),
        maximum=_number(element.value("Maximum")),
        increment=_number(element.value("Increment")),
        decimals=None if decimals is None else int(decimals),
        password=_flag(element, "Password"),
        multiline=_flag(element, "Multiline"),
        hidden=_flag(element, "Hidden"),
        save_as=_flag(element, "SaveAs"),
    )


def _default(element: Element, kind: str) -> str | None:
    found = element.find("Default")
    if kind in ("BooleanGroup", "RadioGroup"):
        return "True" if _flag(element, "Default") else "False"
    if found is None:
        return None
    text = found.get("value", found.text)
    return text if text or kind == "TextBox" else None


def _items(element: Element) -> Iterator[tuple[str, str]]:
    text = element.find("Manual_Values")
    for line in text.text.splitlines() if text else ():
        if line.strip():
            # Which colon parts label and value is nowhere written; the first, as values may be addresses and paths.
            shown, colon, sent = line.strip().partition(":")
            yield shown, (sent if colon else shown)


def _wrapping(element: Element) -> Wrapping | None:
    if not _flag(element, "Multiple_Custom"):
        return None

    def text(tag: str, default: str) -> str:
        found = element.find(tag)
        return default if found is None else found.text

    return Wrapping(
        start=text("Multiple_Start", '"'),
        separator=text("Multiple_Separator", '","'),
        end=text("Multiple_End", '"'),
    )


def _flag(element: Element, tag: str) -> bool:
    return element.value(tag).strip().lower() == "true"


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
