"""What a run made becomes the job's: files from where it may write, and from nowhere else."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

from openyx.store import Blobs, NewOutput, OutputKind
from openyx.worker.limits import Reach
from openyx.worker.protocol import Product


def kept(product: Product, blobs: Blobs, *, own: Path, reach: Reach) -> NewOutput:
    """The output that is made of a product; what lies in the run's *own* folder is moved, the rest copied.

    Raises ``OSError`` for what is no file, or lies, where links lead, where the run may not write.
    """
    path, own = _file(product.path), own.resolve()
    if not any(path.is_relative_to(each) for each in (own, *reach.writable)):
        raise PermissionError(errno.EACCES, "it lies where this run may not write", product.path)
    blob = blobs.adopt(path) if path.is_relative_to(own) else blobs.copy(path)
    return NewOutput(
        name=product.name,
        formats=product.formats,
        digest=blob.digest,
        size=blob.size,
        records=product.records,
        kind=OutputKind(product.kind),
        tool=product.tool,
    )


def _file(written: str) -> Path:
    """The regular file of a product, wherever links lead; what is a pipe or a device would never end."""
    path = Path(written).resolve()
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", written)
    return path
