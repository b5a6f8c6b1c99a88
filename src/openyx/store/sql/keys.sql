-- insert
INSERT INTO keys {values}

-- find
SELECT {columns} FROM keys WHERE key = :key

-- valid
-- A key that is not revoked and whose user may use the API, with its sealed secret.
SELECT {columns}, sealed_secret FROM keys
 WHERE key = :key AND revoked_at IS NULL
   AND EXISTS (SELECT 1 FROM users WHERE users.id = keys.user_id AND users.active = 1 AND users.api_enabled = 1)

-- holder
-- A key that is not revoked with its user, while both its user and its studio may use the API.
SELECT {columns} FROM keys JOIN users ON users.id = keys.user_id JOIN studios ON studios.id = keys.studio_id
 WHERE keys.key = :key AND keys.revoked_at IS NULL AND users.active = 1 AND users.api_enabled = 1
   AND (keys.kind <> 'studio' OR (studios.active = 1 AND studios.api_enabled = 1))

-- list
SELECT {columns} FROM keys WHERE user_id = COALESCE(:user_id, user_id) ORDER BY created_at, key

-- revoke
-- The first revocation counts.
UPDATE keys SET revoked_at = COALESCE(revoked_at, :at) WHERE key = :key
