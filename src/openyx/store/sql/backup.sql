-- tables
-- What is copied: who worked at the gallery does not work at its copy.
SELECT name FROM sqlite_master
 WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT IN ('migrations', 'workers') ORDER BY name

-- columns
-- The columns of a table of the copy; "pk" counts those of its key from 1.
PRAGMA table_info({table})

-- all
SELECT {columns} FROM {table}

-- page
SELECT {columns} FROM {table} {after} ORDER BY {key} LIMIT {size}

-- empty
DELETE FROM {table}

-- insert
INSERT INTO {table} ({columns}) VALUES ({values})
