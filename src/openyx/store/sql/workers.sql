-- list
SELECT {columns} FROM workers ORDER BY started_at, name

-- beat
INSERT INTO workers {values}
ON CONFLICT (name) DO UPDATE SET heartbeat_at = EXCLUDED.heartbeat_at

-- forget
DELETE FROM workers WHERE name = :name

-- forget_silent
DELETE FROM workers WHERE heartbeat_at < :before
