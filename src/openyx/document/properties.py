"""What a document says of itself: its properties, its meta information, its constants."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from openyx.document.xml import Element
from openyx.errors import DocumentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """How a workflow wants to be run.

    ``record_limit`` 0 means all records; ``error_limit`` is how many conversion errors of a field are told.
    """

    record_limit: int = 0
    error_limit: int = 10
    stop_at_error_limit: bool = False
    cancel_on_error: bool = False
    disable_browse: bool = False
    disable_output: bool = False
    show_macro_messages: bool = False
    amp: bool = False
    has_events: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaInfo:
    """What a gallery shows of a workflow. ``name`` is the file's own name where the workflow says so, or says none."""

    name: str = ""
    description: str = ""
    author: str = ""
    company: str = ""
    copyright: str = ""
    url: str = ""
    url_text: str = ""
    workflow_id: str = ""
    category: str = ""
    search_tags: str = ""
    output_message: str = ""
    no_output_files_message: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A named text: ``%User.name%`` in settings, ``[User.name]`` in expressions."""

    namespace: str
    name: str
    value: str
    is_number: bool = False


def properties(root: Element, name: str) -> Properties:
    """The properties, with the product's defaults for those that are absent."""
    found = root.find("Properties") or Element("Properties")

    def number(tag: str, default: int) -> int:
        text = found.value(tag).strip()
        try:
            return int(text) if text else default
        except ValueError:
            raise DocumentError(f"{tag} {text!r} is no whole number", place=name) from None

    def flag(tag: str) -> bool:
        return found.value(tag).strip().lower() == "true"

    return Properties(
        record_limit=max(number("GlobalRecordLimit", 0), 0),
        error_limit=number("ConvErrorLimit", 10),
        stop_at_error_limit=flag("ConvErrorLimit_Stop"),
        cancel_on_error=flag("CancelOnError"),
        disable_browse=flag("DisableBrowse"),
        disable_output=flag("DisableAllOutput"),
        show_macro_messages=flag("ShowAllMacroMessages"),
        amp=root.get("RunE2") == "T" or flag("RunWithE2"),
        has_events=flag("Events/Enabled") and found.find("Events/Event") is not None,
    )


def meta(root: Element, name: str) -> MetaInfo:
    """The meta information of the file called *name*."""
    found = root.find("Properties/MetaInfo") or Element("MetaInfo")
    runtime = root.find("Properties/RuntimeProperties") or Element("RuntimeProperties")
    link = found.find("DescriptionLink")
    given = found.words("Name")
    from_file = not given or found.value("NameIsFileName").strip().lower() == "true"
    return MetaInfo(
        name=PurePath(name).stem if from_file else given,
        description=found.words("Description"),
        author=found.words("Author"),
        company=found.words("Company"),
        copyright=found.words("Copyright"),
        url=link.get("actual") if link else "",
        url_text=link.get("displayed") if link else "",
        workflow_id=found.value("WorkflowId"),
        category=found.words("CategoryName"),
        search_tags=found.words("SearchTags"),
        output_message=runtime.words("Wiz_OutputMessage"),
        no_output_files_message=runtime.words("Wiz_NoOutputFilesMessage"),
    )


def constants(root: Element) -> tuple[Constant, ...]:
    """The constants in the order of the file."""
    return tuple(
        Constant(
            each.words("Namespace"),
            each.words("Name"),
            text.text if (text := each.find("Value")) else "",
            each.value("IsNumeric").strip().lower() == "true",
        )
        for each in root.all("Properties/Constants/Constant")
    )
