-- of
SELECT {columns} FROM attempts WHERE job_id = :job_id ORDER BY number

-- insert
INSERT INTO attempts {values}

-- start
UPDATE attempts SET started_at = :at WHERE job_id = :job_id AND number = :number

-- end
UPDATE attempts SET ended_at = :at, ending = :ending WHERE job_id = :job_id AND number = :number
