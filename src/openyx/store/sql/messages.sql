-- of
-- Those of the asked attempt, else of the last one: what earlier ones said has no part in the result.
SELECT {columns} FROM messages
 WHERE job_id = :job_id AND attempt = COALESCE(:attempt, (SELECT attempt FROM jobs WHERE id = :job_id))
 ORDER BY number

-- last
SELECT COALESCE(MAX(number), 0) AS number FROM messages WHERE job_id = :job_id

-- insert
INSERT INTO messages {values}
