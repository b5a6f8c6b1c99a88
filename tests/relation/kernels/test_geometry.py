"""Distances on the ellipsoid. The miles that are right come from GeographicLib 2 (Karney's geodesics, WGS 84)."""

from __future__ import annotations

import polars as pl
import pytest

from openyx.fields import DOUBLE, Field
from openyx.relation.expr import field
from openyx.relation.kernels.geometry import miles

Point = tuple[float, float]

FROM_NEW_YORK: Point = (40.7128, -74.006)
TEN_METRES = 0.0062


def distance(one: Point, other: Point) -> float:
    names = ("latitude", "longitude", "other_latitude", "other_longitude")
    points = pl.DataFrame(dict(zip(names, ([each] for each in (*one, *other)), strict=True)))
    return float(points.select(miles(*(field(Field(name, DOUBLE)) for name in names)).native).item())


@pytest.mark.parametrize(
    ("one", "other", "right"),
    [
        ((42, -90), (43, -80), 515.0874714),
        (FROM_NEW_YORK, (51.5074, -0.1278), 3470.5032479),
        ((0, 0), (90, 0), 6214.9333699),
        ((37.75, -122.68), (37.76, -122.69), 0.8806170),
        ((42, -90), (42, -90.0001), 0.0051481),
        ((42, -90), (42.0001, -90), 0.0069018),
    ],
)
def test_a_distance_is_right_within_ten_metres(one: Point, other: Point, right: float) -> None:
    assert distance(one, other) == pytest.approx(right, abs=TEN_METRES, rel=1e-6)
    assert distance(other, one) == pytest.approx(distance(one, other), rel=1e-9)


@pytest.mark.parametrize("point", [FROM_NEW_YORK, (0, 0), (90, 0), (-90, 180), (0, 180)])
def test_a_point_is_not_away_from_itself(point: Point) -> None:
    assert distance(point, point) == 0


@pytest.mark.parametrize("one", [(0, 0), (90, 0), (30, 0), (-45, 20)])
def test_opposite_points_are_half_the_world_apart(one: Point) -> None:
    opposite = (-one[0], one[1] + 180)
    assert distance(one, opposite) == pytest.approx(12429.8667399, abs=21)
