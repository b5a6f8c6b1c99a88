"""Runs workflow files here: plans, checks, compiles and runs them.

result = run_workflow("monthly.yxmd", answers={"Region": "East"}, folder=Path("out"))
result.ok, result.messages, result.outputs, result.counts
"""

from openyx.engine.places import Mirror
from openyx.engine.result import Output, Result
from openyx.engine.workflow import run_workflow
from openyx.relation import Anchor

__all__ = ["Anchor", "Mirror", "Output", "Result", "run_workflow"]
