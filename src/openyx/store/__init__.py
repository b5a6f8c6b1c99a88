"""What a gallery keeps: users, keys, workflows, jobs, messages, outputs in one database, files beside it.

A record is a frozen dataclass; a table is an attribute of the :class:`Store` with a method per question.
"""

from __future__ import annotations

from openyx.store.attempts import Attempt, Ending
from openyx.store.backup import BackedUp
from openyx.store.blobs import Blob, Blobs, BlobWriter
from openyx.store.checking import Finding, Invariant, invariants
from openyx.store.database import Contended, Outcome
from openyx.store.folder import DataFolder, FileLock
from openyx.store.job import Disposition, Job, Origin, Priority, State
from openyx.store.jobs import JobQuery, JobSort
from openyx.store.keys import Holder, Key, KeyKind, NewKey
from openyx.store.messages import JobMessage
from openyx.store.moments import Clock, new_id, utc_now
from openyx.store.outputs import NewOutput, Output, OutputKind
from openyx.store.retention import Keep, Swept
from openyx.store.secret import Secret
from openyx.store.sight import Sight
from openyx.store.store import Store, open_store
from openyx.store.studios import Studio
from openyx.store.together import Together
from openyx.store.tokens import Token
from openyx.store.turns import Load
from openyx.store.users import Role, User
from openyx.store.versions import (
    CredentialType,
    ExecutionMode,
    Item,
    NewVersion,
    PackageType,
    Question,
    Version,
)
from openyx.store.workers import WorkerRecord
from openyx.store.workflows import MOST_ATTEMPTS, NewWorkflow, Published, Workflow, WorkflowQuery, WorkflowSort

__all__ = [
    "MOST_ATTEMPTS",
    "Attempt",
    "BackedUp",
    "Blob",
    "BlobWriter",
    "Blobs",
    "Clock",
    "Contended",
    "CredentialType",
    "DataFolder",
    "Disposition",
    "Ending",
    "ExecutionMode",
    "FileLock",
    "Finding",
    "Holder",
    "Invariant",
    "Item",
    "Job",
    "JobMessage",
    "JobQuery",
    "JobSort",
    "Keep",
    "Key",
    "KeyKind",
    "Load",
    "NewKey",
    "NewOutput",
    "NewVersion",
    "NewWorkflow",
    "Origin",
    "Outcome",
    "Output",
    "OutputKind",
    "PackageType",
    "Priority",
    "Published",
    "Question",
    "Role",
    "Secret",
    "Sight",
    "State",
    "Store",
    "Studio",
    "Swept",
    "Together",
    "Token",
    "User",
    "Version",
    "WorkerRecord",
    "Workflow",
    "WorkflowQuery",
    "WorkflowSort",
    "invariants",
    "new_id",
    "open_store",
    "utc_now",
]
