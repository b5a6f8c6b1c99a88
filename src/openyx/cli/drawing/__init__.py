"""The picture of a workflow: its tools, boxes and lines where its author put them, as SVG."""

from openyx.cli.drawing.picture import drawn

__all__ = ["drawn"]
