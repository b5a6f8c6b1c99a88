-- insert
INSERT INTO jobs {values}

-- save
-- What moves in the life of a job, unless it moved meanwhile.
UPDATE jobs
   SET state = :state, disposition = :disposition, queued_at = :queued_at, claimed_at = :claimed_at,
       started_at = :started_at, finished_at = :finished_at, attempt = :attempt, lost = :lost, worker = :worker,
       lease_until = :lease_until, records = :records, cancel_requested_at = :cancel_requested_at,
       cancel_requested_by = :cancel_requested_by
 WHERE id = :id AND state = :was_state AND attempt = :was_attempt

-- first
-- Highest priority, then longest wait; a job that comes back keeps its place.
SELECT {columns} FROM jobs WHERE state = 'queued' ORDER BY priority DESC, sequence LIMIT 1 {lock}

-- first_of
SELECT {columns} FROM jobs WHERE state = 'queued' AND workflow_id = :workflow_id
 ORDER BY priority DESC, sequence LIMIT 1 {lock}

-- full
-- Workflows of which as many jobs run as may.
SELECT id FROM workflows
 WHERE at_once IS NOT NULL AND at_once <= (
       SELECT COUNT(*) FROM jobs WHERE workflow_id = workflows.id AND state IN ('claimed', 'running'))

-- front
SELECT workflow_id FROM jobs WHERE state = 'queued' ORDER BY priority DESC, sequence LIMIT :number

-- turns
-- Each workflow that has waiting jobs, in the order of the first of each; a step from one to the next in the index.
WITH RECURSIVE waiting (workflow_id) AS (
     SELECT MIN(workflow_id) FROM jobs WHERE state = 'queued'
      UNION ALL
     SELECT (SELECT MIN(j.workflow_id) FROM jobs j WHERE j.state = 'queued' AND j.workflow_id > waiting.workflow_id)
       FROM waiting WHERE waiting.workflow_id IS NOT NULL)
SELECT jobs.workflow_id AS workflow_id
  FROM waiting JOIN jobs ON jobs.sequence = (
       SELECT f.sequence FROM jobs f WHERE f.state = 'queued' AND f.workflow_id = waiting.workflow_id
        ORDER BY f.priority DESC, f.sequence LIMIT 1)
 ORDER BY jobs.priority DESC, jobs.sequence

-- leased
SELECT {columns} FROM jobs WHERE state IN ('claimed', 'running') ORDER BY lease_until, sequence {lock}

-- held_by
SELECT {columns} FROM jobs WHERE state IN ('claimed', 'running') AND worker = :worker ORDER BY sequence

-- running
SELECT COUNT(*) AS number FROM jobs WHERE workflow_id = :workflow_id AND state IN ('claimed', 'running')

-- load
SELECT COUNT(*) AS waiting, MIN(queued_at) AS oldest,
       (SELECT COUNT(*) FROM jobs WHERE state IN ('claimed', 'running')) AS running
  FROM jobs WHERE state = 'queued'

-- positions
-- The places in the queue of the waiting jobs whose ids lie in a range.
SELECT id, place
  FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY priority DESC, sequence) AS place FROM jobs WHERE state = 'queued') waiting
 WHERE id BETWEEN :first AND :last

-- by_idempotency_key
SELECT {columns} FROM jobs WHERE user_id = :user_id AND idempotency_key = :key

-- forget_idempotency_key
UPDATE jobs SET idempotency_key = NULL WHERE id = :id

-- select
SELECT {columns} FROM jobs j JOIN workflows w ON w.id = j.workflow_id {where} ORDER BY {order} {page} {lock}

-- count
SELECT COUNT(*) AS number FROM jobs j JOIN workflows w ON w.id = j.workflow_id {where}

-- count_since
SELECT COUNT(*) AS number, (SELECT COALESCE(MAX(sequence), 0) FROM jobs) AS upto, (SELECT jobs FROM removed) AS removed
  FROM jobs j JOIN workflows w ON w.id = j.workflow_id {where}
