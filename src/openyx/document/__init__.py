"""Workflow files: what is in a ``.yxmd``, ``.yxwz``, ``.yxmc`` or ``.yxzp``, found, named and checked.

document = read("monthly.yxmd")
document.nodes, document.connections, document.questions, document.meta
changed = apply_answers(document, {"Region": "East"})
"""

from openyx.document.actions import Evaluate
from openyx.document.answers import Answer, answer_text, answer_texts, answered, apply_answers, call_texts
from openyx.document.graph import Connection, Node
from openyx.document.model import ENDINGS, Document, from_tree, parse, read
from openyx.document.package import pack, start_file, unpack
from openyx.document.properties import Constant, MetaInfo, Properties
from openyx.document.questions import API_TYPES, Question, Wrapping
from openyx.document.substitute import constants, substitute, substituted
from openyx.document.xml import Element, write

__all__ = [
    "API_TYPES",
    "ENDINGS",
    "Answer",
    "Connection",
    "Constant",
    "Document",
    "Element",
    "Evaluate",
    "MetaInfo",
    "Node",
    "Properties",
    "Question",
    "Wrapping",
    "answer_text",
    "answer_texts",
    "answered",
    "apply_answers",
    "call_texts",
    "constants",
    "from_tree",
    "pack",
    "parse",
    "read",
    "start_file",
    "substitute",
    "substituted",
    "unpack",
    "write",
]
