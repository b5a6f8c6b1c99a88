-- over_says_how
-- A job that is over says how and when it ended, and no lease holds it.
SELECT 'job ' || id AS what FROM jobs
 WHERE state IN ('finished', 'cancelled', 'given_up')
   AND (disposition = 'None' OR finished_at IS NULL OR lease_until IS NOT NULL)
 ORDER BY id

-- mend_over_says_how
-- what it did not say is now: ended at this moment, as an error
UPDATE jobs
   SET disposition = CASE WHEN disposition = 'None' THEN 'Error' ELSE disposition END,
       finished_at = COALESCE(finished_at, :now), lease_until = NULL
 WHERE state IN ('finished', 'cancelled', 'given_up')
   AND (disposition = 'None' OR finished_at IS NULL OR lease_until IS NOT NULL)

-- not_over_has_no_end
-- A job that is not over says nothing of an end.
SELECT 'job ' || id AS what FROM jobs
 WHERE state NOT IN ('finished', 'cancelled', 'given_up') AND (disposition <> 'None' OR finished_at IS NOT NULL)
 ORDER BY id

-- mend_not_over_has_no_end
-- the end is struck out
UPDATE jobs SET disposition = 'None', finished_at = NULL
 WHERE state NOT IN ('finished', 'cancelled', 'given_up') AND (disposition <> 'None' OR finished_at IS NOT NULL)

-- waiting_is_free
-- A job that waits has no worker and no lease.
SELECT 'job ' || id AS what FROM jobs
 WHERE state = 'queued' AND (worker IS NOT NULL OR lease_until IS NOT NULL)
 ORDER BY id

-- mend_waiting_is_free
-- worker and lease are struck out
UPDATE jobs SET worker = NULL, lease_until = NULL
 WHERE state = 'queued' AND (worker IS NOT NULL OR lease_until IS NOT NULL)

-- held_has_holder
-- A job that is claimed or running has a worker, a lease, and a moment when it was claimed.
SELECT 'job ' || id AS what FROM jobs
 WHERE state IN ('claimed', 'running') AND (worker IS NULL OR lease_until IS NULL OR claimed_at IS NULL)
 ORDER BY id

-- running_has_begun
-- A job that runs has a moment when it began.
SELECT 'job ' || id AS what FROM jobs WHERE state = 'running' AND started_at IS NULL ORDER BY id

-- attempts_are_counted
-- A job has as many attempts as it counts, numbered from 1.
SELECT 'job ' || j.id AS what FROM jobs j LEFT JOIN attempts a ON a.job_id = j.id
 GROUP BY j.id, j.attempt
HAVING COUNT(a.number) <> j.attempt OR COALESCE(MAX(a.number), 0) <> j.attempt
 ORDER BY j.id

-- held_has_open_attempt
-- A job that is claimed or running has an open attempt of its worker, the last one.
SELECT 'job ' || j.id AS what FROM jobs j
 WHERE j.state IN ('claimed', 'running') AND NOT EXISTS (
       SELECT 1 FROM attempts a
        WHERE a.job_id = j.id AND a.number = j.attempt AND a.ending IS NULL AND a.worker = COALESCE(j.worker, a.worker))
 ORDER BY j.id

-- open_attempt_is_held
-- An attempt is open only while its worker holds the job in it: no job has two.
SELECT 'attempt ' || a.number || ' at job ' || a.job_id AS what FROM attempts a JOIN jobs j ON j.id = a.job_id
 WHERE a.ending IS NULL AND NOT (
       j.state IN ('claimed', 'running') AND a.number = j.attempt AND a.worker = COALESCE(j.worker, a.worker))
 ORDER BY a.job_id, a.number

-- mend_open_attempt_is_held
-- the attempts that nobody makes any more are ended as lost
UPDATE attempts SET ending = 'lost', ended_at = COALESCE(ended_at, :now)
 WHERE ending IS NULL AND NOT EXISTS (
       SELECT 1 FROM jobs j
        WHERE j.id = attempts.job_id AND j.state IN ('claimed', 'running') AND j.attempt = attempts.number
          AND attempts.worker = COALESCE(j.worker, attempts.worker))

-- ended_attempt_says_when
-- An attempt that has ended says when and how.
SELECT 'attempt ' || number || ' at job ' || job_id AS what FROM attempts
 WHERE (ending IS NULL) <> (ended_at IS NULL)
 ORDER BY job_id, number

-- mend_ended_attempt_says_when
-- what they did not say is now: ended at this moment, or lost
UPDATE attempts SET ending = COALESCE(ending, 'lost'), ended_at = COALESCE(ended_at, :now)
 WHERE (ending IS NULL) <> (ended_at IS NULL)

-- end_is_that_of_the_last_attempt
-- Only the last attempt at a job ends it, and as the job did.
SELECT 'attempt ' || a.number || ' at job ' || a.job_id AS what FROM attempts a JOIN jobs j ON j.id = a.job_id
 WHERE a.ending IN ('finished', 'cancelled') AND (a.number <> j.attempt OR a.ending <> j.state)
 ORDER BY a.job_id, a.number

-- cancelled_was_asked_for
-- A job that was cancelled says who asked for it, and when.
SELECT 'job ' || id AS what FROM jobs
 WHERE state = 'cancelled' AND (cancel_requested_at IS NULL OR cancel_requested_by IS NULL)
 ORDER BY id

-- outputs_are_of_success
-- Only a job that has ended well has outputs.
SELECT 'output ' || o.id || ' of job ' || o.job_id AS what FROM outputs o JOIN jobs j ON j.id = o.job_id
 WHERE j.state <> 'finished' OR j.disposition NOT IN ('Success', 'Warning')
 ORDER BY o.job_id, o.number

-- mend_outputs_are_of_success
-- they are removed
DELETE FROM outputs WHERE NOT EXISTS (
       SELECT 1 FROM jobs j
        WHERE j.id = outputs.job_id AND j.state = 'finished' AND j.disposition IN ('Success', 'Warning'))

-- messages_are_of_attempts
-- A message belongs to an attempt that there was, or to the next one.
SELECT 'message ' || m.number || ' of job ' || m.job_id AS what FROM messages m JOIN jobs j ON j.id = m.job_id
 WHERE m.attempt > j.attempt + 1
 ORDER BY m.job_id, m.number

-- published_version_is_its_own
-- The published version of a workflow is one of its own.
SELECT 'workflow ' || w.id AS what FROM workflows w
 WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.id = w.published_version_id AND v.workflow_id = w.id)
 ORDER BY w.id

-- job_runs_its_workflow
-- The version that a job runs is one of its workflow.
SELECT 'job ' || j.id AS what FROM jobs j
 WHERE NOT EXISTS (SELECT 1 FROM versions v WHERE v.id = j.version_id AND v.workflow_id = j.workflow_id)
 ORDER BY j.id
