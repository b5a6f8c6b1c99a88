-- insert
INSERT INTO studios {values}

-- find
SELECT {columns} FROM studios WHERE id = :id

-- list
SELECT {columns} FROM studios ORDER BY created_at, id
