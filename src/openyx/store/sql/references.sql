-- on
-- The blobs that records speak of, of those whose digests lie between two texts.
SELECT digest, MAX(size) AS size FROM (
       SELECT digest, size FROM versions WHERE digest >= :low AND digest < :high
       UNION ALL
       SELECT digest, size FROM outputs WHERE digest >= :low AND digest < :high) found
 GROUP BY digest

-- holds
SELECT 1 AS found FROM versions WHERE digest = :digest UNION ALL SELECT 1 FROM outputs WHERE digest = :digest LIMIT 1

-- versions
SELECT id, workflow_id FROM versions WHERE digest = :digest ORDER BY id

-- outputs
SELECT id, job_id FROM outputs WHERE digest = :digest ORDER BY id

-- held_since
-- When the oldest of the attempts that go on began.
SELECT MIN(claimed_at) AS at FROM jobs WHERE state IN ('claimed', 'running')
