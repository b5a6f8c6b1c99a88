"""Answers that the designer saved in a file."""

from __future__ import annotations

import pytest

from openyx.document.saved_answers import saved_answers
from openyx.errors import DocumentError


@pytest.mark.parametrize("root", ["WizardValues", "AppValues"])
def test_answers_go_by_the_names_of_their_questions(root: str) -> None:
    content = f"""<?xml version="1.0"?><{root}><Value name="Region">East &amp; West</Value>
    <Value name="Fields">"a","b"</Value><Value name="None"/></{root}>"""
    assert saved_answers(content.encode(), "a.yxwv") == {"Region": "East & West", "Fields": '"a","b"', "None": ""}


@pytest.mark.parametrize("content", [b"<AlteryxDocument/>", b"<AppValues>", b""])
def test_another_file_is_refused_with_its_place(content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"a\.yxwv, line \d+"):
        saved_answers(content, "a.yxwv")
