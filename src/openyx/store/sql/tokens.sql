-- forget
DELETE FROM tokens WHERE expires_at <= :now

-- insert
INSERT INTO tokens {values}

-- holder
-- The key of a token with its user and its end, while both are good and the key's user and studio may use the API.
SELECT {columns}, tokens.expires_at FROM tokens JOIN keys ON keys.key = tokens.key JOIN users ON users.id = keys.user_id
  JOIN studios ON studios.id = keys.studio_id
 WHERE tokens.hash = :hash AND keys.revoked_at IS NULL
   AND users.active = 1 AND users.api_enabled = 1
   AND (keys.kind <> 'studio' OR (studios.active = 1 AND studios.api_enabled = 1))
