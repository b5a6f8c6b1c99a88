-- insert
INSERT INTO keys {values}

-- find
SELECT {columns} FROM keys WHERE key = :key

-- valid
-- A key that is not revoked and whose user may use the API, with its sealed secret.
SELECT {columns}, sealed_secret FROM keys
 WHERE key = :key AND revoked_at IS NULL
   AND EXISTS (SELECT 1 FROM users WHERE users.id = keys.user_id AND users.active = 1 AND users.api_enabled = 1)

-- list
SELECT {columns} FROM keys WHERE user_id = COALESCE(:user_id, user_id) ORDER BY created_at, key

-- revoke
-- The first revocation counts.
UPDATE keys SET revoked_at = COALESCE(revoked_at, :at) WHERE key = :key
