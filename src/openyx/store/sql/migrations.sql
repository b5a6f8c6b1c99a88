-- begin
CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL)

-- last
SELECT MAX(number) AS number FROM migrations

-- applied
INSERT INTO migrations (number, name, applied_at) VALUES (:number, :name, :applied_at)
