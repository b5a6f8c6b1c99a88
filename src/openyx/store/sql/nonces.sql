-- forget
-- What was used before :before may come again.
DELETE FROM nonces WHERE used_at < :before

-- use
-- No change when the three came before.
INSERT INTO nonces (key, timestamp, nonce, used_at) VALUES (:key, :timestamp, :nonce, :used_at)
ON CONFLICT DO NOTHING
