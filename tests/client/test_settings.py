"""Settings are one table: each has a variable, a reader and a line of help."""

from __future__ import annotations

from pathlib import Path

import pytest

from openyx import settings
from openyx.errors import AskedWrongly


def test_every_setting_is_in_the_table_with_a_line_of_help() -> None:
    declared = {name for name, value in vars(settings).items() if isinstance(value, settings.Setting)}
    assert declared == {setting.name.upper() for setting in settings.SETTINGS}
    assert len(declared) >= 12
    for setting in settings.SETTINGS:
        assert setting.help.endswith(".")
        assert "\n" not in setting.help
    assert len({setting.variable for setting in settings.SETTINGS}) == len(settings.SETTINGS)


def test_an_empty_variable_says_nothing() -> None:
    assert settings.TIMEOUT.value({"OPENYX_TIMEOUT": "  "}) is None
    assert settings.AUTH.value({}) == "auto"
    assert settings.URL.given({"OPENYX_URL": ""}) is None


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert settings.CA.value({"OPENYX_CA": "~/ca.pem"}) == tmp_path / "ca.pem"


@pytest.mark.parametrize("text", ["0", "-1", "nan", "inf", "soon", "1e12"])
def test_a_time_that_cannot_be_waited_is_refused(text: str) -> None:
    with pytest.raises(AskedWrongly, match="OPENYX_TIMEOUT"):
        settings.TIMEOUT.given({"OPENYX_TIMEOUT": text})
