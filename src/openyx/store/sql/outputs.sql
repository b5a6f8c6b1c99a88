-- of
SELECT {columns} FROM outputs WHERE job_id = :job_id ORDER BY number

-- find
SELECT {columns} FROM outputs WHERE job_id = :job_id AND id = :id

-- insert
INSERT INTO outputs {values}
