-- At most so many jobs of a workflow run at once (NULL: as many as there are slots); how often a job may be run whose
-- worker vanishes (1: it is not run again).
ALTER TABLE workflows ADD COLUMN at_once INTEGER;
ALTER TABLE workflows ADD COLUMN most_attempts INTEGER NOT NULL DEFAULT 3;

CREATE INDEX jobs_running ON jobs (workflow_id) WHERE state IN ('claimed', 'running');

CREATE TABLE workers (
    name         TEXT PRIMARY KEY,
    host         TEXT NOT NULL,
    pid          INTEGER NOT NULL,
    slots        INTEGER NOT NULL,
    started_at   INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL
);
