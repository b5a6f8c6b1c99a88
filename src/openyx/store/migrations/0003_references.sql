-- Which records refer to a blob, or to a version, is asked before either is removed.
CREATE INDEX versions_by_digest ON versions (digest);
CREATE INDEX outputs_by_digest ON outputs (digest);
CREATE INDEX jobs_by_version ON jobs (version_id);
