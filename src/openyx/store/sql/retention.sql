-- jobs_before
-- Jobs that ended too long ago.
SELECT id FROM jobs
 WHERE finished_at < :before AND created_at < :remembered AND state IN ('finished', 'cancelled', 'given_up')
 ORDER BY finished_at LIMIT :batch

-- jobs_beyond
-- The oldest jobs of more than are kept.
SELECT id FROM jobs
 WHERE sequence <= (SELECT sequence FROM jobs ORDER BY sequence DESC LIMIT 1 OFFSET :most)
   AND created_at < :remembered AND state IN ('finished', 'cancelled', 'given_up')
 ORDER BY sequence LIMIT :batch

-- remove_job
DELETE FROM jobs WHERE id = :id AND state IN ('finished', 'cancelled', 'given_up')

-- count_removed
UPDATE removed SET jobs = jobs + :jobs

-- outputs_before
-- Jobs that ended too long ago and have outputs.
SELECT j.id FROM jobs j
 WHERE j.finished_at < :before AND EXISTS (SELECT 1 FROM outputs o WHERE o.job_id = j.id)
 ORDER BY j.finished_at LIMIT :batch

-- outputs_beyond
-- Jobs whose outputs, with those of all jobs that ended later, hold more bytes than are kept.
SELECT id FROM (
       SELECT j.id, j.finished_at, j.sequence,
              SUM(o.bytes) OVER (ORDER BY j.finished_at DESC, j.sequence DESC ROWS UNBOUNDED PRECEDING) AS total
         FROM (SELECT job_id, SUM(size) AS bytes FROM outputs GROUP BY job_id) o JOIN jobs j ON j.id = o.job_id) counted
 WHERE total > :most ORDER BY finished_at, sequence LIMIT :batch

-- remove_outputs
DELETE FROM outputs WHERE job_id = :id

-- versions_beyond
-- Versions of more than are kept of a workflow, but neither the published one nor one that a job speaks of.
SELECT v.id FROM versions v JOIN workflows w ON w.id = v.workflow_id
 WHERE v.number <= (SELECT MAX(number) FROM versions WHERE workflow_id = v.workflow_id) - :most
   AND v.id <> w.published_version_id AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.version_id = v.id)
 ORDER BY v.created_at, v.id LIMIT :batch

-- remove_version
DELETE FROM versions
 WHERE id = :id AND NOT EXISTS (SELECT 1 FROM jobs WHERE version_id = :id)
   AND NOT EXISTS (SELECT 1 FROM workflows WHERE published_version_id = :id)
