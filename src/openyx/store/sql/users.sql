-- insert
INSERT INTO users {values}

-- find
SELECT {columns} FROM users WHERE id = :id

-- by_email
SELECT {columns} FROM users WHERE email_folded = :email

-- list
SELECT {columns} FROM users ORDER BY created_at, id
