-- Whose turn it is when jobs of some workflow must wait: the first of each other one is found without looking at theirs.
CREATE INDEX jobs_turns ON jobs (workflow_id, priority DESC, sequence) WHERE state = 'queued';
CREATE INDEX workflows_limited ON workflows (id) WHERE at_once IS NOT NULL;
