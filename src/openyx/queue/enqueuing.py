"""Enqueuing: an order becomes a job that waits, once however often the same key says so."""

from __future__ import annotations

from datetime import timedelta

from openyx.errors import AskedWrongly, Conflict, NotAllowed
from openyx.queue.life import Transition
from openyx.queue.order import Order
from openyx.store import Job, PackageType, Priority, Published, Sight, Store, Version, new_id

IDEMPOTENCY_MEMORY = timedelta(hours=24)


def enqueued(
    store: Store, order: Order, *, idempotency_key: str | None, sight: Sight | None, workflow: Published | None
) -> Job:
    """A job that waits for its turn; see :meth:`Queue.enqueued`."""
    now = store.clock()
    workflow = workflow or store.workflows.find(order.workflow_id, sight=sight)
    version = _runnable(store, workflow, order)
    waiting = Job(
        id=new_id(now),
        workflow_id=order.workflow_id,
        version_id=version.id,
        user_id=order.user_id,
        origin=order.origin,
        answers=order.answers,
        priority=max(order.priority, Priority.LOW),
        worker_tag=order.worker_tag or workflow.workflow.worker_tag,
        state=Transition.ENQUEUE.value.target,
        created_at=now,
        queued_at=now,
        idempotency_key=idempotency_key,
        fingerprint=order.fingerprint if idempotency_key else None,
    )
    store.jobs.insert(waiting)
    return waiting


def remembered(store: Store, order: Order, idempotency_key: str) -> Job | None:
    """The job that this order has become already, whatever has changed of its workflow since; Conflict."""
    before = store.jobs.by_idempotency_key(order.user_id, idempotency_key)
    if before is None:
        return None
    if store.clock() - before.created_at >= IDEMPOTENCY_MEMORY:
        store.jobs.forget_idempotency_key(before)
        return None
    if before.fingerprint != order.fingerprint:
        raise Conflict(
            f"The idempotency key {idempotency_key} was used for another job ({before.id}).",
            hint="a new request needs a new key; the same key repeats the same request",
        )
    return before


def _runnable(store: Store, workflow: Published, order: Order) -> Version:
    version = workflow.version
    if order.version_id:
        version = store.versions.find(order.version_id, workflow_id=order.workflow_id)
    if version.run_disabled:
        raise NotAllowed(f"Workflow {order.workflow_id} must not be run.")
    if version.package_type is PackageType.MACRO:
        raise AskedWrongly(f"Workflow {order.workflow_id} is a macro; macros are not run by themselves.")
    return version
