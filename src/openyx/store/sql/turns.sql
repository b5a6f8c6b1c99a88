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

-- places
-- The waiting jobs whose ids lie in a range, in the order of their turns.
SELECT id, priority, sequence FROM jobs WHERE state = 'queued' AND id BETWEEN :first AND :last
 ORDER BY priority DESC, sequence

-- before
-- How many go before the first of a span.
SELECT (SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND priority > :priority)
     + (SELECT COUNT(*) FROM jobs WHERE state = 'queued' AND priority = :priority AND sequence < :first) AS number

-- between
SELECT sequence FROM jobs
 WHERE state = 'queued' AND priority = :priority AND sequence BETWEEN :first AND :last ORDER BY sequence
