"""Workflow documents of the test cases, with some of their elements, texts and bytes changed."""

from __future__ import annotations

import re
from random import Random

from openyx.document.xml import Element, write
from tests.fuzz import formulas, odd
from tests.fuzz.cases import stock, way_to

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(chance: Random) -> bytes:
    """A workflow file that somebody, or something, has spoiled."""
    whole = odd.pick(chance, stock().documents)
    tools = [each.get("ToolID") for each in whole.walk() if each.tag == "Node"]
    root = way_to(whole, odd.pick(chance, tools))
    for _ in range(chance.randrange(1, 5)):
        spoil(chance, root)
    content = written(root)
    return bytes_changed(chance, content) if odd.one_in(chance, 10) else content


def written(root: Element) -> bytes:
    """The file; characters that XML cannot hold are left out."""
    for element in root.walk():
        element.text = _NOT_IN_XML.sub("", element.text)
        element.attributes = {name: _NOT_IN_XML.sub("", value) for name, value in element.attributes.items()}
    return write(root)


def spoil(chance: Random, root: Element) -> None:
    """Change one thing anywhere below *root*."""
    elements = list(root.walk())
    element = odd.pick(chance, elements)
    kind = chance.randrange(12)
    if kind < 5:
        _reword(chance, element)
    elif kind < 7 and element.children:
        del element.children[chance.randrange(len(element.children))]
    elif kind < 9 and element.children:
        twin = odd.pick(chance, element.children).copy()
        element.children.insert(chance.randrange(len(element.children) + 1), twin)
    elif kind == 9 and element.children:
        chance.shuffle(element.children)
    elif kind == 10:
        element.tag = odd.pick(chance, stock().tags)
    else:
        other = odd.pick(chance, elements)
        if element.tag == other.tag:
            element.attributes, element.text = dict(other.attributes), other.text


def bytes_changed(chance: Random, content: bytes) -> bytes:
    """The content with some of its bytes changed, left out, doubled or cut off."""
    for _ in range(chance.randrange(1, 4)):
        at, end = sorted((chance.randrange(len(content) + 1), chance.randrange(len(content) + 1)))
        kind = chance.randrange(4)
        if kind == 0:
            content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        elif kind == 1:
            content = content[:at] + content[min(end, at + 40) :]
        elif kind == 2:
            content = content[:at] + content[at : at + 40] + content[at:]
        else:
            content = content[:end]
    return content


def _reword(chance: Random, element: Element) -> None:
    names = [*element.attributes, ""] if element.text or not element.attributes else list(element.attributes)
    name = odd.pick(chance, names)
    if name and odd.one_in(chance, 6):
        del element.attributes[name]
        return
    kind = chance.randrange(8)
    if kind < 3:
        value = odd.pick(chance, stock().words.get(name or element.tag, ("",)))
    elif kind < 4:
        value = formulas.expression(chance)
    else:
        value = odd.text(chance)
    if name:
        element.attributes[name] = value
    else:
        element.text = value
