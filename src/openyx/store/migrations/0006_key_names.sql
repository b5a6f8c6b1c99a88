-- What a key is called by those who keep it, so that they know which one to revoke.
ALTER TABLE keys ADD COLUMN name TEXT NOT NULL DEFAULT '';
