"""What a browser is shown where a gallery's own pages would begin: a sentence on what this is."""

from __future__ import annotations

from openyx.server.exchange import Incoming, Reply
from openyx.server.settings import Settings

HTML = "text/html; charset=utf-8"
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>OpenYX</title></head><body>
<p>This is a gallery of OpenYX {version}: programs run workflows here, and so does the command <code>yx</code>
(<code>yx login</code>, <code>yx list</code>, <code>yx run</code>); how, is told in <code>docs/guide.md</code>, in the
source of OpenYX, and by <code>yx --help</code>.</p>
</body></html>
"""


def front(incoming: Incoming, settings: Settings, version: str) -> Reply | None:
    """The page for a browser that asks for ``/`` or a gallery's address; None for others, and for all else."""
    addresses = {prefix.removesuffix("/api").strip("/").lower() for prefix in ("/api", *settings.gallery_prefixes)}
    if incoming.method not in ("GET", "HEAD") or incoming.path.strip("/").lower() not in addresses:
        return None
    if "text/html" not in incoming.header("accept").lower():
        return None
    page = _PAGE.format(version=version)
    return Reply(content=page.encode(), content_type=HTML, headers={"Cache-Control": "no-store", "Vary": "Accept"})
