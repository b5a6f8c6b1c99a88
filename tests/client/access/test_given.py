"""Address, key and secret: from one source, or an error that says why."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from openyx.client.access import keeping
from openyx.client.access.given import Access, access
from openyx.client.access.profiles import Profile, Profiles
from openyx.client.access.secret import Secret
from openyx.errors import AskedWrongly

TRIO = {"OPENYX_URL": "env.example.com", "OPENYX_KEY": "ENVKEY", "OPENYX_SECRET": "env-secret"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config" / "profiles.toml"


@pytest.fixture
def profiles(config: Path) -> Profiles:
    """Two profiles whose secrets lie in files; ``prod`` is the default one."""
    profiles = Profiles(path=config)
    for name in ("prod", "test"):
        profile = Profile(url=f"{name}.example.com", key=f"{name}-key", secret="file")
        profiles = profiles.put(name, profile)
        keeping.keep(profiles, name, profile, Secret(f"{name}-secret"))
    profiles.save()
    return profiles


def found(environ: Mapping[str, str], *trio: str | None, **more: Any) -> Access:
    url, key, secret = trio or (None, None, None)
    usual: dict[str, Any] = dict.fromkeys(("auth", "profile", "ca", "proxy", "timeout", "allow_http"))
    return access(url, key, secret, **(usual | more), environ=environ)


def told(given: Access) -> tuple[str, str, str]:
    return str(given.address), given.key, given.secret.reveal()


def test_arguments_come_before_all(profiles: Profiles) -> None:
    environ = TRIO | {"OPENYX_CONFIG": str(profiles.path)}
    assert told(found(environ, "arg.example.com", "k", "s")) == ("https://arg.example.com", "k", "s")


def test_the_environment_comes_before_the_profile(profiles: Profiles) -> None:
    environ = TRIO | {"OPENYX_CONFIG": str(profiles.path), "OPENYX_PROFILE": "test"}
    assert told(found(environ)) == ("https://env.example.com", "ENVKEY", "env-secret")


def test_a_profile_is_named_or_the_default_one(profiles: Profiles) -> None:
    environ = {"OPENYX_CONFIG": str(profiles.path)}
    assert told(found(environ)) == ("https://prod.example.com", "prod-key", "prod-secret")
    assert told(found(environ | {"OPENYX_PROFILE": "test"})) == ("https://test.example.com", "test-key", "test-secret")
    assert told(found(environ | TRIO, profile="test"))[1] == "test-key"


@pytest.mark.parametrize("missing", list(TRIO))
def test_half_an_environment_is_not_filled_up(profiles: Profiles, missing: str) -> None:
    environ = {name: value for name, value in TRIO.items() if name != missing}
    with pytest.raises(AskedWrongly, match=rf"lacks .*{missing}") as caught:
        found(environ | {"OPENYX_CONFIG": str(profiles.path)})
    assert "one server's secret would go to another" in caught.value.hint


@pytest.mark.parametrize("trio", [("u", None, None), (None, "k", "s"), ("u", "k", None)])
def test_half_the_arguments_are_not_filled_up(trio: tuple[str | None, ...]) -> None:
    with pytest.raises(AskedWrongly, match="must be given too"):
        found(TRIO, *trio)


def test_a_profile_beside_arguments_is_a_mixture(profiles: Profiles) -> None:
    with pytest.raises(AskedWrongly, match="either a profile or"):
        found({}, "u", "k", "s", profile="prod")


def private(path: Path, text: str, mode: int = 0o600) -> str:
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_the_secret_comes_from_a_file(tmp_path: Path, profiles: Profiles) -> None:
    file = private(tmp_path / "secret", "from-the-file\n")
    trio = {name: value for name, value in TRIO.items() if name != "OPENYX_SECRET"}
    assert told(found(trio | {"OPENYX_SECRET_FILE": file}))[2] == "from-the-file"
    of_profile = found({"OPENYX_CONFIG": str(profiles.path), "OPENYX_SECRET_FILE": file})
    assert told(of_profile)[1:] == ("prod-key", "from-the-file")
    with pytest.raises(AskedWrongly, match="either OPENYX_SECRET or"):
        found(TRIO | {"OPENYX_SECRET_FILE": file})


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_others_can_read_holds_no_secret(tmp_path: Path) -> None:
    file = private(tmp_path / "secret", "x", 0o640)
    trio = {name: value for name, value in TRIO.items() if name != "OPENYX_SECRET"}
    with pytest.raises(AskedWrongly, match="open to others") as caught:
        found(trio | {"OPENYX_SECRET_FILE": file})
    assert caught.value.hint.startswith("chmod 600")
    with pytest.raises(AskedWrongly, match="cannot be read"):
        found(trio | {"OPENYX_SECRET_FILE": str(tmp_path / "gone")})


@pytest.mark.parametrize(
    ("trio", "why"),
    [
        (("u", "", "s"), "key is empty"),
        (("u", "k", "  "), "secret is empty"),
        (("u", "k", "half\nhalf"), "line break in the secret"),
        (("u", "k\r\n", "s"), "line break in the key"),
        (("u", "k", "half\udcff"), "secret is no text"),
        (("u", "k", "x" * 5000), "5000 characters"),
        (("", "k", "s"), "is no address"),
    ],
)
def test_what_no_server_gave_is_refused(trio: tuple[str, str, str], why: str) -> None:
    with pytest.raises(AskedWrongly, match=why) as caught:
        found({}, *trio)
    assert "half" not in caught.value.message


def test_a_blank_is_kept_and_remembered_for_the_day_of_the_401() -> None:
    assert found({}, "u", "k", "s ").odd == "there is a blank in or around the secret"
    assert found({}, "u", " k", "s").odd == "there is a blank in or around the key"
    assert found({}, "u", "k", "s").odd == ""


def test_other_settings_come_from_arguments_environment_profile(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.write_text("x")
    kept = Profile(url="u", key="k", secret="file", auth="oauth1", proxy="http://kept:1", ca=str(ca), allow_http=True)
    profiles = Profiles(path=tmp_path / "p.toml").put("only", kept)
    profiles.save()
    keeping.keep(profiles, "only", kept, Secret("s"))
    environ = {"OPENYX_CONFIG": str(profiles.path)}
    given = found(environ)
    assert (given.auth, given.proxy, given.ca, given.allow_http) == ("oauth1", "http://kept:1", ca, True)
    environ |= {
        "OPENYX_AUTH": "oauth2",
        "OPENYX_PROXY": "http://env:1",
        "OPENYX_TIMEOUT": "7",
        "OPENYX_ALLOW_HTTP": "no",
    }
    given = found(environ)
    assert (given.auth, given.proxy, given.timeouts.read, given.allow_http) == ("oauth2", "http://env:1", 7, False)
    given = found(environ, auth="auto", proxy="http://arg:1", timeout=3, allow_http=True)
    assert (given.auth, given.proxy, given.timeouts.read, given.allow_http) == ("auto", "http://arg:1", 3, True)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"OPENYX_TIMEOUT": "soon"}, "OPENYX_TIMEOUT: 'soon' is no number"),
        ({"OPENYX_TIMEOUT": "-1"}, "OPENYX_TIMEOUT"),
        ({"OPENYX_AUTH": "saml"}, "OPENYX_AUTH: 'saml'"),
        ({"OPENYX_ALLOW_HTTP": "perhaps"}, "OPENYX_ALLOW_HTTP"),
        ({"OPENYX_CA": "/no/such.pem"}, "no file .*such.pem"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(more: dict[str, str], why: str) -> None:
    with pytest.raises(AskedWrongly, match=why):
        found(TRIO | more)


def test_nothing_at_all_says_what_to_do(config: Path) -> None:
    with pytest.raises(AskedWrongly, match="not known which gallery") as caught:
        found({"OPENYX_CONFIG": str(config)})
    for way in ("yx login", "OPENYX_URL"):
        assert way in caught.value.hint


def test_what_a_profile_remembers_of_its_server_is_used_when_it_is_probed(tmp_path: Path) -> None:
    kept = Profile(url="https://a.example.com", key="k", secret="file", family="oauth1", prefix="/api")
    profiles = Profiles(path=tmp_path / "p.toml").put("a", kept)
    profiles.save()
    keeping.keep(profiles, "a", kept, Secret("s"))
    environ = {"OPENYX_CONFIG": str(profiles.path)}
    server = found(environ).server
    assert server
    assert (server.family, server.prefix) == ("oauth1", "/api")
    assert found(environ, auth="oauth2").server is None


def test_a_file_of_profiles_holds_no_secret_and_is_private(profiles: Profiles) -> None:
    text = profiles.path.read_text()
    assert "prod-secret" not in text
    assert 'default = "prod"' in text
    if os.name == "posix":
        assert stat.S_IMODE(profiles.path.stat().st_mode) == 0o600
        assert stat.S_IMODE(keeping.secret_file(profiles, "prod").stat().st_mode) == 0o600


def test_profiles_come_back_as_they_were_written(config: Path) -> None:
    odd = Profile(
        url='https://a.example.com/"quoted"\\x',
        key="k\t\x7fü",
        secret="command",
        secret_command=["pass", "a b"],
        allow_http=True,
    )
    profiles = Profiles(path=config).put("with space.and dot", odd).put("plain", Profile(url="u", key="k"))
    profiles.save()
    assert Profiles.load({"OPENYX_CONFIG": str(config)}) == profiles
    less = profiles.remove("with space.and dot")
    assert (list(less.profiles), less.default) == (["plain"], "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[profile.a]\nurl = 'u'\n", "key"),
        ("[profile.a]\nurl = 'u'\nkey = 7\n", "key"),
        ("[profile.a]\nurl = 'u'\nkey = 'k'\nsecret = '0123abc'\n", "secret"),
        ("[profile.a]\nurl = 'u'\nkey = 'k'\npassword = 'x'\n", "password"),
        ("profile = 3\n", "profile"),
        ("[profile.a\n", "line 1"),
        ("\xff", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_says_where(config: Path, text: str, why: str) -> None:
    config.parent.mkdir()
    config.write_bytes(text.encode("latin-1"))
    with pytest.raises(AskedWrongly, match=rf"profiles\.toml cannot be read: .*{why}|{why}") as caught:
        Profiles.load({"OPENYX_CONFIG": str(config)})
    assert "0123abc" not in caught.value.message


def test_a_profile_that_is_not_there_lists_those_that_are(profiles: Profiles) -> None:
    with pytest.raises(AskedWrongly, match="no profile 'staging'") as caught:
        found({"OPENYX_CONFIG": str(profiles.path)}, profile="staging")
    assert caught.value.hint == "known profiles: prod, test"


def by_command(command: str | list[str]) -> str:
    profile = Profile(url="u", key="k", secret="command", secret_command=command)
    return keeping.secret_of(Profiles(path=Path("p.toml")), "p", profile).reveal()


def test_a_command_tells_the_secret_without_a_shell(tmp_path: Path) -> None:
    say = "import sys; print(sys.argv[1])"
    assert by_command([sys.executable, "-c", say, "$(touch x); s3cret"]) == "$(touch x); s3cret"
    assert by_command(f"{sys.executable} -c 'print(\"told\")'") == "told"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ([sys.executable, "-c", "import sys; sys.exit(3)", "s3cret"], "ended with 3"),
        (["/no/such/command", "s3cret"], "No such file"),
        ("unclosed 'quote", "cannot be read"),
        ("", "names no secret_command"),
        ([sys.executable, "-c", "import os; os.write(1, b'\\xff')"], "told no text"),
    ],
)
def test_a_command_that_does_not_work_says_why_and_no_more(command: str | list[str], why: str) -> None:
    with pytest.raises(AskedWrongly, match=why) as caught:
        by_command(command)
    assert "s3cret" not in caught.value.message


class Ring:
    """A keyring in memory, and its moods."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.held.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.held[service_name, username] = password

    def delete_password(self, service_name: str, username: str) -> None:
        del self.held[service_name, username]


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    ring = Ring()
    monkeypatch.setattr(keeping, "_keyring", lambda: (ring, RuntimeError))
    return ring


def test_a_secret_lies_in_the_keyring_under_its_key(ring: Ring, config: Path) -> None:
    profiles, profile = Profiles(path=config), Profile(url="u", key="k")
    keeping.keep(profiles, "prod", profile, Secret("s3cret"))
    assert keeping.secret_of(profiles, "prod", profile).reveal() == "s3cret"
    with pytest.raises(AskedWrongly, match="keyring holds no secret for the profile 'prod'"):
        keeping.secret_of(profiles, "prod", Profile(url="u", key="another"))
    keeping.forget(profiles, "prod", profile)
    keeping.forget(profiles, "prod", profile)
    assert ring.held == {}


def test_a_keyring_that_does_not_answer_is_not_waited_for(
    ring: Ring, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    never = threading.Event()
    monkeypatch.setattr(keeping, "PATIENCE", 0.01)

    def wait(*_: str) -> None:
        never.wait()

    monkeypatch.setattr(ring, "get_password", wait)
    with pytest.raises(AskedWrongly, match="did not answer") as caught:
        keeping.secret_of(Profiles(path=config), "prod", Profile(url="u", key="k"))
    never.set()
    assert "OPENYX_SECRET_FILE" in caught.value.hint


def test_a_keyring_that_refuses_says_why(ring: Ring, config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> str:
        raise RuntimeError("locked")

    monkeypatch.setattr(ring, "get_password", refuse)
    with pytest.raises(AskedWrongly, match="keyring refused: locked"):
        keeping.secret_of(Profiles(path=config), "prod", Profile(url="u", key="k"))
