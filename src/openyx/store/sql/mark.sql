-- gallery
SELECT MIN(applied_at) AS made_at FROM migrations

-- newest
SELECT digest FROM versions ORDER BY created_at DESC LIMIT 1
