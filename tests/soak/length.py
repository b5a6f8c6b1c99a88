"""How long the trials are."""

from __future__ import annotations

import os

LONG = bool(os.environ.get("OPENYX_TEST_LONG"))
"""``make soak`` says so: each trial at full length."""
