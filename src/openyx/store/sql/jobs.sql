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
