"""Formats that are known by name only: so that a workflow that needs one is told which."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """How a format is recognised: FileFormat codes, endings without the dot, and first bytes."""

    name: str
    codes: tuple[int, ...] = ()
    endings: tuple[str, ...] = ()
    magic: tuple[bytes, ...] = ()


OTHERS = (
    Named(
        name="yxdb files",
        codes=(19,),
        endings=("yxdb",),
        magic=(b"Alteryx Database File", b"Alteryx e2 Database file"),
    ),
    Named(name="dBase files", codes=(2,), endings=("dbf",)),
    Named(name="Excel 97-2003 files", codes=(8,), endings=("xls",), magic=(b"\xd0\xcf\x11\xe0",)),
    Named(name="shapefiles", codes=(12,), endings=("shp",)),
    Named(name="Oracle databases", codes=(17,)),
    Named(name="OLE DB databases", codes=(18,)),
    Named(name="fixed-width files", codes=(21,), endings=("flat",)),
    Named(name="ODBC databases", codes=(23,)),
    Named(name="Excel files", codes=(25, 56), endings=("xlsx", "xlsm", "xlsb")),
    Named(name="SQLite databases", codes=(36,), endings=("sqlite",), magic=(b"SQLite format 3",)),
    Named(name="XML files", codes=(37,), endings=("xml",)),
    Named(name="Tableau .tde files", codes=(42,), endings=("tde",)),
    Named(name="Qlik .qvx files", codes=(47,), endings=("qvx", "qvd")),
    Named(name="JSON files", codes=(54,), endings=("json",)),
    Named(name="archives", codes=(57,), endings=("zip", "gz", "tgz", "tar")),
    Named(name="Tableau .hyper files", codes=(64,), endings=("hyper",)),
    Named(name="Snowflake bulk loads", codes=(65,)),
    Named(name="Parquet files", endings=("parquet",), magic=(b"PAR1",)),
    Named(name="Avro files", endings=("avro",), magic=(b"Obj\x01",)),
    Named(name="SAS files", endings=("sas7bdat", "xpt")),
    Named(name="SPSS files", endings=("sav",)),
    Named(name="Stata files", endings=("dta",)),
    Named(name="Access databases", endings=("mdb", "accdb")),
    Named(name="Calgary databases", endings=("cydb", "cyidx")),
    Named(name="spatial files", endings=("kml", "geojson", "mif", "mid", "tab", "gdb", "sdf", "grc")),
)
