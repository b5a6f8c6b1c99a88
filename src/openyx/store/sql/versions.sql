-- insert
INSERT INTO versions {values}

-- find
SELECT {columns} FROM versions WHERE id = :id AND workflow_id = COALESCE(:workflow_id, workflow_id)

-- of
SELECT {columns} FROM versions WHERE workflow_id = :workflow_id ORDER BY number
