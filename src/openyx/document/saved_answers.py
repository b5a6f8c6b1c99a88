"""Files of answers that the designer saves for an app: ``.yxwv``."""

from __future__ import annotations

from io import BytesIO

from openyx.document import xml
from openyx.errors import DocumentError

ROOTS = ("WizardValues", "AppValues")


def saved_answers(content: bytes, name: str) -> dict[str, str]:
    """The answers in a file called *name*, by the names of their questions; a list box has its joined text.

    Raises ``DocumentError`` for a file that is none.

    >>> saved_answers(b'<AppValues><Value name="Region">East</Value></AppValues>', "east.yxwv")
    {'Region': 'East'}
    """
    root = xml.read(BytesIO(content), name)
    if root.tag not in ROOTS:
        raise DocumentError(f"this is no file of answers: it is a <{root.tag}>", place=f"{name}, line {root.line}")
    return {each.get("name"): each.text for each in root.walk() if each.tag == "Value" and each.get("name")}
