"""Functions of file paths."""

from __future__ import annotations

from openyx.fields import BOOL as BOOLEAN
from openyx.formula.shelf import BOOL, STRING, World, function
from openyx.relation.expr import Expr
from openyx.relation.kernels import paths
from openyx.relation.kernels.batches import each


@function("FileAddPaths", (STRING, STRING), returns=STRING)
def file_add_paths(one: Expr, other: Expr) -> Expr:
    r"""Two parts of a path with just one ``\`` between.

    FileAddPaths("C:\Temp", "MyFile.dbf")   -> "C:\Temp\MyFile.dbf"
    FileAddPaths("C:\Temp\", "\MyFile.dbf") -> "C:\Temp\MyFile.dbf"
    """
    return paths.added(one, other)


@function("FileExists", (STRING,), returns=BOOL)
def file_exists(world: World, path: Expr) -> Expr:
    """Whether there is a file of that path.

    FileExists("here.txt")     -> True
    FileExists("not here.txt") -> False
    FileExists(Null())         -> False
    """

    def look(wanted: str | None) -> bool:
        return wanted is not None and world.context.exists(wanted)

    return each(look, BOOLEAN, path)


@function("FileGetDir", (STRING,), returns=STRING)
def file_get_dir(path: Expr) -> Expr:
    r"""The path without the file's name.

    FileGetDir("C:\Data\Sample.xls") -> "C:\Data\"
    FileGetDir("Sample.xls")         -> ""
    """
    return paths.folder(path)


@function("FileGetExt", (STRING,), returns=STRING)
def file_get_ext(path: Expr) -> Expr:
    r"""The ending of the file's name with its point.

    FileGetExt("C:\Data\Sample.xls") -> ".xls"
    FileGetExt("C:\my.data\Sample")  -> ""
    """
    return paths.ending(path)


@function("FileGetFileName", (STRING,), returns=STRING)
def file_get_file_name(path: Expr) -> Expr:
    r"""The file's name without its ending.

    FileGetFileName("C:\Data\Sample.xls") -> "Sample"
    FileGetFileName("/data/a.tar.gz")     -> "a.tar"
    """
    return paths.stem(path)
