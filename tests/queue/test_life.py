from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from openyx.errors import LeaseLost
from openyx.queue import Transition, life
from openyx.store import Disposition, Job, Origin, Priority, State

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = {State.FINISHED, State.CANCELLED, State.GIVEN_UP}


def job(state: State) -> Job:
    return Job(
        id="1",
        workflow_id="2",
        version_id="3",
        user_id="4",
        origin=Origin.USER,
        answers={},
        priority=Priority.LOW,
        state=state,
        created_at=NOW,
        queued_at=NOW,
        worker="w",
        lease_until=NOW,
        attempt=1,
    )


MOVES: dict[Transition, Callable[[Job], Job]] = {
    Transition.CLAIM: lambda job: life.claimed(job, worker="v", at=NOW, until=NOW),
    Transition.START: lambda job: life.started(job, at=NOW),
    Transition.FINISH: lambda job: life.finished(job, Disposition.SUCCESS, at=NOW),
    Transition.HAND_BACK: life.handed_back,
    Transition.RESIGN: lambda job: life.resigned(job, at=NOW),
    Transition.WITHDRAW: lambda job: life.cancelled(job, Transition.WITHDRAW, at=NOW),
    Transition.STOP: lambda job: life.cancelled(job, Transition.STOP, at=NOW),
    Transition.REQUEUE: life.requeued,
    Transition.GIVE_UP: lambda job: life.given_up(job, at=NOW),
    Transition.ABANDON: lambda job: life.cancelled(job, Transition.ABANDON, at=NOW),
}


def test_every_transition_but_the_first_has_a_move() -> None:
    assert set(MOVES) == set(Transition) - {Transition.ENQUEUE}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("transition", MOVES)
def test_a_job_moves_as_the_table_says_and_not_otherwise(transition: Transition, state: State) -> None:
    step = transition.value
    if state in step.sources:
        moved = MOVES[transition](job(state))
        assert moved.state is step.target
        assert moved.over == (step.target in ENDS)
        assert (moved.finished_at is None) != moved.over
        assert (moved.disposition is Disposition.NONE) != moved.over
    else:
        with pytest.raises(LeaseLost, match=f"job 1 is {state}"):
            MOVES[transition](job(state))


def test_nothing_leads_out_of_an_end() -> None:
    assert not any(step.value.sources & ENDS for step in Transition)
    assert {state for state in State if state.over} == ENDS


def test_every_state_is_reached_and_left() -> None:
    reached = {step.value.target for step in Transition}
    left = {state for step in Transition for state in step.value.sources}
    assert reached == set(State) - {State.CREATED}
    assert left == set(State) - ENDS


def test_a_job_that_waits_again_is_nobodys() -> None:
    for moved in (life.handed_back(job(State.RUNNING)), life.requeued(job(State.RUNNING))):
        assert (moved.worker, moved.lease_until, moved.started_at) == (None, None, None)
        assert moved.queued_at == NOW


def test_a_new_claim_is_a_new_attempt() -> None:
    assert life.claimed(job(State.QUEUED), worker="v", at=NOW, until=NOW).attempt == 2
