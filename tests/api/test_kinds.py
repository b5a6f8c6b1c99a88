"""Records that several threads read for the first time at once, which msgspec by itself does not survive."""

from __future__ import annotations

import subprocess
import sys

MANY_THREADS_READ_NEW_KINDS = """
import sys, threading
import msgspec
from openyx.kinds import settled

THREADS = 8
sys.setswitchinterval(1e-6)


def new_kind(number):
    part = msgspec.defstruct(f"Part{number}", [(f"a{place}", int | str | None, None) for place in range(6)])
    return msgspec.defstruct(f"Kind{number}", [(f"f{place}", list[part] | None, None) for place in range(30)]), part


for number in range(150):
    kind, part = new_kind(number)
    together, found = threading.Barrier(THREADS), []

    def read(each):
        together.wait()
        if each % 2:
            found.append(msgspec.json.decode(b'{"a0": 1}', type=settled(part)).a0)
        else:
            found.append(msgspec.convert({"f9": [{"a5": 1}]}, settled(kind)).f9[0].a5)

    threads = [threading.Thread(target=read, args=(each,)) for each in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [1] * THREADS
"""


def test_a_kind_may_be_read_by_many_threads_at_once_the_first_time() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY_THREADS_READ_NEW_KINDS], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
