"""Values that have no number and no text: blobs and spatial objects."""

from __future__ import annotations

import json
from typing import cast

import polars as pl

from openyx.fields import FieldType
from openyx.relation.casts.kernel import Cast, mapped, told

_SHAPES = {
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
    "Feature",
    "FeatureCollection",
}


def text_to_blob(text: pl.Expr, source: FieldType) -> Cast:
    """The bytes of the text, in the encoding that its type has in the product."""
    codec = "utf-16-le" if source.is_wide else "latin-1"

    def encoded(texts: pl.Series) -> pl.Series:
        made = [None if value is None else value.encode(codec, errors="replace") for value in texts.to_list()]
        return pl.Series(made, dtype=pl.Binary())

    return Cast(mapped(text, encoded, pl.Binary()))


def text_to_spatial(text: pl.Expr) -> Cast:
    """GeoJSON; any other text is an error."""

    def values(texts: pl.Series) -> pl.Series:
        return pl.Series([value if is_shape(value) else None for value in texts.to_list()], dtype=pl.String())

    def faults(texts: pl.Series) -> pl.Series:
        said = [None if value in (None, "") or is_shape(value) else _unfit(value) for value in texts.to_list()]
        return pl.Series(said, dtype=pl.String())

    return Cast(mapped(text, values, pl.String()), (told(text, faults),))


def refused(value: pl.Expr, dtype: pl.DataType, source: FieldType, to: FieldType) -> Cast:
    """Null, and an error for each value: there is no way from *source* to *to*. The product's words are not known."""
    said = pl.lit(f"a {source.kind} cannot be converted to a {to.kind}")
    return Cast(pl.lit(None, dtype=dtype), (pl.when(value.is_not_null()).then(said),))


def is_shape(text: str | None) -> bool:
    """Whether a text is a GeoJSON object."""
    if not text or not text.lstrip().startswith("{"):
        return False
    try:
        shape = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(shape, dict) and cast("dict[str, object]", shape).get("type") in _SHAPES


def _unfit(text: str) -> str:
    return f'"{text}" is not a valid SpatialObj'
