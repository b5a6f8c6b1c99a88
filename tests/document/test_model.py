"""Reading workflow files: what is found in them, and how what is none is refused."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from openyx.document import parse, read
from openyx.document.xml import CHUNK, Limits
from openyx.document.xml import read as read_xml
from openyx.errors import DocumentError

WORKFLOW = """<?xml version="1.0"?>
<AlteryxDocument yxmdVer="2021.4">
  <Nodes>
    <Node ToolID="1"><GuiSettings Plugin="AlteryxBasePluginsGui.TextInput.TextInput"/>
      <Properties><Configuration/><Annotation><Name>Orders</Name></Annotation>
        <MetaInfo connection="Output"><RecordInfo><Field name="a" type="String" size="3"/></RecordInfo></MetaInfo>
      </Properties>
      <EngineSettings EngineDll="x.dll" EngineDllEntryPoint="AlteryxTextInput"/></Node>
    <Node ToolID="2"><GuiSettings Plugin="AlteryxGuiToolkit.ToolContainer.ToolContainer"/>
      <Properties><Configuration><Disabled value="True"/></Configuration></Properties>
      <ChildNodes>
        <Node ToolID="3"><GuiSettings Plugin="AlteryxGuiToolkit.ToolContainer.ToolContainer"/>
          <Properties><Configuration><Disabled value="False"/></Configuration></Properties>
          <ChildNodes><Node ToolID="4"><EngineSettings Macro="lib\\Cleanse.yxmc"/></Node></ChildNodes></Node>
      </ChildNodes></Node>
  </Nodes>
  <Connections>
    <Connection><Origin ToolID="1" Connection="Output"/><Destination ToolID="4" Connection="Input"/></Connection>
    <Connection name="#2"><Origin ToolID="1" Connection="Output"/><Destination ToolID="4" Connection="B"/></Connection>
    <Connection name="#1"><Origin ToolID="1" Connection="Output"/><Destination ToolID="4" Connection="A"/></Connection>
    <Connection><Origin ToolID="1" Connection="Output"/><Destination ToolID="99" Connection="Input"/></Connection>
  </Connections>
  <Properties>
    <ConvErrorLimit value="3"/><CancelOnError value="True"/><GlobalRecordLimit value="100"/>
    <Constants><Constant><Namespace>User</Namespace><Name>Folder</Name><Value> d </Value><IsNumeric value="False"/>
    </Constant></Constants>
    <MetaInfo><NameIsFileName value="True"/><Name>Other</Name><Author>Ann</Author>
      <DescriptionLink actual="https://example.com" displayed="More"/></MetaInfo>
  </Properties>
</AlteryxDocument>"""


def refused(content: str | bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        parse(content.encode() if isinstance(content, str) else content, "it.yxmd")
    return str(caught.value)


def test_tools_are_flat_and_know_their_container() -> None:
    document = parse(WORKFLOW.encode(), "monthly.yxmd")
    assert [(node.id, node.container, node.disabled) for node in document.nodes] == [
        (1, None, False),
        (2, None, False),
        (3, 2, True),
        (4, 3, True),
    ]
    assert [node.kind for node in document.nodes] == ["TextInput", "ToolContainer", "ToolContainer", "Cleanse.yxmc"]
    assert document.nodes[0].title == "tool 1 (Orders)"


def test_connections_with_a_number_come_first_and_by_number() -> None:
    document = parse(WORKFLOW.encode(), "monthly.yxmd")
    assert [line.name for line in document.into(4)] == ["#1", "#2", ""]


def test_a_connection_to_a_missing_tool_is_told_and_left_out() -> None:
    document = parse(WORKFLOW.encode(), "monthly.yxmd")
    assert len(document.connections) == 3
    assert [message.text for message in document.remarks] == [
        "A connection from tool 1 to tool 99 is ignored: there is no tool 99"
    ]


def test_properties_have_the_values_of_the_file_and_else_the_products_defaults() -> None:
    found = parse(WORKFLOW.encode(), "monthly.yxmd").properties
    assert (found.error_limit, found.cancel_on_error, found.record_limit) == (3, True, 100)
    assert (found.disable_browse, found.disable_output, found.stop_at_error_limit) == (False, False, False)


def test_the_name_is_the_files_where_the_workflow_says_so() -> None:
    meta = parse(WORKFLOW.encode(), "monthly.yxmd").meta
    assert (meta.name, meta.author, meta.url, meta.url_text) == ("monthly", "Ann", "https://example.com", "More")
    own = parse(WORKFLOW.replace('NameIsFileName value="True"', 'NameIsFileName value="False"').encode(), "x.yxmd")
    assert own.meta.name == "Other"


def test_constants_keep_their_blanks() -> None:
    assert parse(WORKFLOW.encode(), "x.yxmd").constants[0].value == " d "


def test_the_fields_that_a_file_remembers_are_found_by_anchor() -> None:
    node = parse(WORKFLOW.encode(), "x.yxmd").by_id[1]
    assert [field.name for field in node.fields("Output") or ()] == ["a"]
    assert node.fields("Join") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_encoding_that_the_product_writes_is_read(encoding: str) -> None:
    text = WORKFLOW.replace(">Ann<", ">Åsa 日本<")
    assert parse(text.encode(encoding), "x.yxmd").meta.author == "Åsa 日本"


def test_a_document_that_is_written_reads_back_the_same(tmp_path: Path) -> None:
    from openyx.document import write

    first = parse(WORKFLOW.replace("Orders", "a &amp; b\n &lt;c&gt;").encode(), "x.yxmd")
    (tmp_path / "x.yxmd").write_bytes(write(first.root))
    again = read(tmp_path / "x.yxmd")
    assert again.nodes[0].name == first.nodes[0].name
    assert write(again.root) == write(first.root)
    assert again.folder == tmp_path.resolve()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "it.yxmd, line 1, column 1: the file is empty"),
        ("<AlteryxDocument><Nodes>", "it.yxmd, line 1, column 25: not well-formed XML (no element found)"),
        ("Region,Sales\nEast,1\n", "it.yxmd, line 1, column 1: not well-formed XML (syntax error)"),
        ("<html/>", "it.yxmd, line 1: this is no workflow: it is a <html>, not an <AlteryxDocument>"),
        ("<AlteryxDocument/>", "it.yxmd, line 1: this is no workflow: it has no <Nodes>"),
        ("<AlteryxDocument><Nodes><Node/></Nodes></AlteryxDocument>", "line 1: '' is no tool number"),
        (
            "<AlteryxDocument>\n<Nodes><Node ToolID='1'/>\n<Node ToolID='1'/></Nodes></AlteryxDocument>",
            "it.yxmd, line 3: two tools have the number 1",
        ),
        ("<?xml version='1.0' encoding='klingon'?><a/>", "encoding"),
    ],
)
def test_a_file_that_is_no_workflow_is_refused_with_place_and_reason(content: str, said: str) -> None:
    assert said in refused(content)


def test_bytes_that_are_no_text_are_refused() -> None:
    assert "it.yxmd, line 1" in refused(b"\x00\x01\x02\xff\xfe" * 100)


def test_a_locked_workflow_is_refused_by_name() -> None:
    said = refused("<AlteryxDocument><EncryptedData>x</EncryptedData></AlteryxDocument>")
    assert "locked by its author" in said


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_expanded(doctype: str) -> None:
    said = refused(f"{doctype}<AlteryxDocument><Nodes>&lol2;&x;</Nodes></AlteryxDocument>")
    assert "document type declaration is not allowed" in said


def test_an_undefined_entity_is_refused() -> None:
    assert "undefined entity" in refused("<AlteryxDocument><Nodes>&x;</Nodes></AlteryxDocument>")


def test_deep_nesting_is_refused_before_the_file_is_read() -> None:
    class Endless(io.RawIOBase):
        """200 MB of opening tags, of which hardly any may be asked for."""

        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"<a>" * (size // 3)

    source = Endless()
    with pytest.raises(DocumentError, match="nested deeper than 200"):
        read_xml(source, "deep.yxmd")  # type: ignore[arg-type]  # all that is needed of a file
    assert source.asked <= CHUNK


@pytest.mark.parametrize(
    ("limits", "said"),
    [(Limits(size=10), "larger than 10 bytes"), (Limits(elements=2), "more than 2 elements")],
)
def test_size_and_number_of_elements_are_limited(limits: Limits, said: str) -> None:
    with pytest.raises(DocumentError, match=said):
        read_xml(io.BytesIO(b"<a><b/><c/></a>"), "x.yxmd", limits=limits)


@pytest.mark.parametrize("start", [b'<a b="', b"<a><!--", b"<a><?b ", b"<a &", b"<!DOCTYPE "])
def test_a_tag_or_comment_that_does_not_end_is_refused_before_the_file_ends(start: bytes) -> None:
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size: int = -1) -> bytes:
            self.asked += size
            return b"x" * size if self.asked > size else start

    source = Endless()
    with pytest.raises(DocumentError, match=r"^a\.yxmd, line 1"):
        read_xml(source, "a.yxmd")  # type: ignore[arg-type]  # all that is needed of a file
    assert source.asked <= Limits().tag + 4 * CHUNK


def test_a_long_text_is_no_long_tag() -> None:
    text = "many words, " * (Limits().tag // 10)
    assert read_xml(io.BytesIO(f"<a><![CDATA[{text}]]>{text}</a>".encode()), "x.yxmd").text == text * 2


def wired(*pairs: tuple[int, int], anchor: str = "Output", into: str = "Input") -> str:
    nodes = "".join(f'<Node ToolID="{n}"/>' for n in sorted({end for pair in pairs for end in pair}))
    lines = "".join(
        f'<Connection><Origin ToolID="{a}" Connection="{anchor}"/><Destination ToolID="{b}" Connection="{into}"/>'
        "</Connection>"
        for a, b in pairs
    )
    return f"<AlteryxDocument><Nodes>{nodes}</Nodes><Connections>{lines}</Connections></AlteryxDocument>"


def test_a_loop_is_refused_with_its_tools() -> None:
    said = refused(wired((1, 2), (2, 3), (3, 4), (4, 2)))
    assert "loop: tool 2 (no kind) → tool 3 (no kind) → tool 4 (no kind) → tool 2 (no kind)" in said


def test_a_tool_that_feeds_itself_is_a_loop() -> None:
    assert "loop" in refused(wired((1, 1)))


def test_two_ways_to_one_tool_are_no_loop() -> None:
    assert len(parse(wired((1, 2), (1, 3), (2, 4), (3, 4)).encode(), "x.yxmd").connections) == 4


def test_interface_wiring_may_go_round() -> None:
    parse(wired((1, 2), (2, 1), anchor="Question", into="Action").encode(), "x.yxmd")


def test_a_long_chain_is_read() -> None:
    parse(wired(*((n, n + 1) for n in range(1, 5_000))).encode(), "x.yxmd")


def test_a_folder_is_no_workflow(tmp_path: Path) -> None:
    (tmp_path / "a.yxmd").mkdir()
    with pytest.raises(DocumentError, match=r"a\.yxmd: it cannot be read"):
        read(tmp_path / "a.yxmd")


@pytest.mark.parametrize("attributes", ['type="Odd"', 'type="String" size="big"', ""])
def test_a_remembered_field_that_is_none_is_refused(attributes: str) -> None:
    text = WORKFLOW.replace('type="String" size="3"', attributes)
    with pytest.raises(DocumentError, match=r"tool 1 \(Orders\), line \d+"):
        parse(text.encode(), "x.yxmd").by_id[1].fields("Output")
