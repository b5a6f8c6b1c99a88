"""Places in tools' settings, as actions name them, and what is put there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO

from openyx.document import xml
from openyx.document.graph import Node
from openyx.document.xml import Element
from openyx.errors import DocumentError

_STEP = re.compile(
    r"(?P<tag>[\w.:-]+)(?P<tests>(?:\[@[\w.:-]+=(?:'[^']*'|\"[^\"]*\")\])*)(?:\[(?P<place>\d{1,9})\])?", re.ASCII
)
_TEST = re.compile(r"\[@(?P<name>[\w.:-]+)=(?:'(?P<one>[^']*)'|\"(?P<two>[^\"]*)\")\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Step:
    """A child: its tag, attributes that it must have, and which of those that are left, counted from 1."""

    tag: str
    tests: tuple[tuple[str, str], ...] = ()
    place: int = 1

    def within(self, element: Element) -> Element | None:
        """The child of *element* that is meant; the first where no place is given (we assume)."""
        found = [
            child
            for child in element.children
            if child.tag == self.tag and all(child.get(name) == value for name, value in self.tests)
        ]
        return found[self.place - 1] if 1 <= self.place <= len(found) else None


@dataclass(frozen=True, slots=True)
class Destination:
    """A place in a tool's settings: ``22/SelectFields/SelectField[@field='Group']/@rename``, ``5/Data/r[2]/c[1]``."""

    tool: int
    steps: tuple[Step, ...]
    attribute: str = ""

    @classmethod
    def read(cls, text: str) -> Destination:
        """A destination, taken apart. Raises ``ValueError`` for a text that is none."""
        number, _, path = text.strip().partition("/")
        steps: list[Step] = []
        attribute = ""
        while path:
            if path.startswith("@"):
                attribute = path[1:]
                break
            step = _STEP.match(path)
            if step is None or path[step.end() :][:1] not in ("", "/"):
                raise ValueError(f"{text!r} is no place in a tool's settings")
            tests = tuple((test["name"], test["one"] or test["two"] or "") for test in _TEST.finditer(step["tests"]))
            steps.append(Step(step["tag"], tests, int(step["place"] or 1)))
            path = path[step.end() + 1 :]
        return cls(int(number), tuple(steps), attribute)

    def spot(self, node: Node) -> Spot | None:
        """The place in a tool, if it is there."""
        outer, element = node.element, node.element.find("Properties")
        for step in (Step("Configuration"), *self.steps):
            if element is None:
                return None
            outer, element = element, step.within(element)
        return None if element is None else Spot(outer, element, self.attribute)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that was found: an element within an outer one, or an attribute of it."""

    outer: Element
    element: Element
    attribute: str = ""

    @property
    def text(self) -> str:
        """What stands there."""
        return self.element.get(self.attribute) if self.attribute else self.element.text

    def write(self, text: str) -> None:
        """Put a text there."""
        if self.attribute:
            self.element.attributes[self.attribute] = text
        else:
            self.element.text = text

    def xml(self, *, outer: bool) -> str:
        """What stands there as XML: all within the element, or the *outer* one with its tag."""
        within = "".join(map(xml.fragment, self.element.children))
        return xml.fragment(self.element) if outer else within or xml.escaped(self.element.text)

    def write_xml(self, text: str, *, outer: bool, place: str) -> None:
        """Put elements there: within the element, or in its stead. *place* is for errors."""
        try:
            given = xml.read(BytesIO(f"<Xml>{text}</Xml>".encode()), place)
        except (DocumentError, UnicodeEncodeError) as error:
            raise DocumentError(f"an action makes no XML of {text!r:.200} ({error})", place=place) from error
        if outer:
            here = next(at for at, child in enumerate(self.outer.children) if child is self.element)
            self.outer.children[here : here + 1] = given.children
        else:
            self.element.text, self.element.children = given.text, given.children
