-- Times are milliseconds since 1970 in UTC, truth is 1 or 0, lists and mappings are JSON.

CREATE TABLE studios (
    id                  TEXT PRIMARY KEY,
    name                TEXT NOT NULL,
    active              INTEGER NOT NULL,
    api_enabled         INTEGER NOT NULL,
    can_share_schedules INTEGER NOT NULL,
    created_at          INTEGER NOT NULL
);

CREATE TABLE users (
    id                  TEXT PRIMARY KEY,
    email               TEXT NOT NULL,
    email_folded        TEXT NOT NULL UNIQUE,
    first_name          TEXT NOT NULL,
    last_name           TEXT NOT NULL,
    role                TEXT NOT NULL,
    studio_id           TEXT NOT NULL REFERENCES studios (id),
    active              INTEGER NOT NULL,
    api_enabled         INTEGER NOT NULL,
    can_prioritize_jobs INTEGER NOT NULL,
    created_at          INTEGER NOT NULL
);

CREATE TABLE keys (
    key           TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    user_id       TEXT NOT NULL REFERENCES users (id),
    studio_id     TEXT NOT NULL REFERENCES studios (id),
    created_at    INTEGER NOT NULL,
    revoked_at    INTEGER,
    sealed_secret BLOB NOT NULL
);

CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    key        TEXT NOT NULL REFERENCES keys (key) ON DELETE CASCADE,
    issued_at  INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX tokens_by_end ON tokens (expires_at);

CREATE TABLE nonces (
    key       TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    nonce     TEXT NOT NULL,
    used_at   INTEGER NOT NULL,
    PRIMARY KEY (key, timestamp, nonce)
);
CREATE INDEX nonces_by_age ON nonces (used_at);

CREATE TABLE workflows (
    sequence                INTEGER PRIMARY KEY AUTOINCREMENT,
    id                      TEXT NOT NULL UNIQUE,
    name                    TEXT NOT NULL,
    owner_id                TEXT NOT NULL REFERENCES users (id),
    studio_id               TEXT NOT NULL REFERENCES studios (id),
    comments                TEXT NOT NULL,
    worker_tag              TEXT NOT NULL,
    district_tags           TEXT NOT NULL,
    public                  INTEGER NOT NULL,
    made_public_at          INTEGER,
    ready_for_migration     INTEGER NOT NULL,
    others_may_download     INTEGER NOT NULL,
    others_can_execute      INTEGER NOT NULL,
    others_can_view_history INTEGER NOT NULL,
    source_app_id           TEXT NOT NULL,
    created_at              INTEGER NOT NULL,
    published_version_id    TEXT NOT NULL REFERENCES versions (id) DEFERRABLE INITIALLY DEFERRED,
    run_count               INTEGER NOT NULL,
    name_folded             TEXT NOT NULL,
    search_folded           TEXT NOT NULL
);
CREATE INDEX workflows_by_studio ON workflows (studio_id);
CREATE INDEX workflows_by_owner ON workflows (owner_id);
CREATE UNIQUE INDEX workflows_by_source ON workflows (source_app_id) WHERE source_app_id <> '';

CREATE TABLE versions (
    id                       TEXT PRIMARY KEY,
    workflow_id              TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
    number                   INTEGER NOT NULL,
    created_at               INTEGER NOT NULL,
    uploaded_by              TEXT NOT NULL REFERENCES users (id),
    upload_source            TEXT NOT NULL,
    file_name                TEXT NOT NULL,
    entry                    TEXT NOT NULL,
    digest                   TEXT NOT NULL,
    size                     INTEGER NOT NULL,
    package_type             TEXT NOT NULL,
    name                     TEXT NOT NULL,
    description              TEXT NOT NULL,
    author                   TEXT NOT NULL,
    copyright                TEXT NOT NULL,
    url                      TEXT NOT NULL,
    url_text                 TEXT NOT NULL,
    output_message           TEXT NOT NULL,
    no_output_files_message  TEXT NOT NULL,
    questions                TEXT NOT NULL,
    is_chained               INTEGER NOT NULL,
    is_amp                   INTEGER NOT NULL,
    comments                 TEXT,
    run_disabled             INTEGER NOT NULL,
    execution_mode           TEXT NOT NULL,
    credential_type          TEXT NOT NULL,
    credential_id            TEXT NOT NULL,
    private_data_exemption   INTEGER,
    others_may_download      INTEGER NOT NULL,
    others_can_view_history  INTEGER NOT NULL,
    UNIQUE (workflow_id, number)
);

-- The jobs that are queued are the queue.
CREATE TABLE jobs (
    sequence            INTEGER PRIMARY KEY AUTOINCREMENT,
    id                  TEXT NOT NULL UNIQUE,
    workflow_id         TEXT NOT NULL REFERENCES workflows (id) ON DELETE CASCADE,
    version_id          TEXT NOT NULL REFERENCES versions (id),
    user_id             TEXT NOT NULL REFERENCES users (id),
    origin              TEXT NOT NULL,
    answers             TEXT NOT NULL,
    priority            INTEGER NOT NULL,
    worker_tag          TEXT NOT NULL,
    state               TEXT NOT NULL,
    disposition         TEXT NOT NULL,
    created_at          INTEGER NOT NULL,
    queued_at           INTEGER NOT NULL,
    claimed_at          INTEGER,
    started_at          INTEGER,
    finished_at         INTEGER,
    attempt             INTEGER NOT NULL,
    lost                INTEGER NOT NULL,
    worker              TEXT,
    lease_until         INTEGER,
    records             INTEGER,
    cancel_requested_at INTEGER,
    cancel_requested_by TEXT,
    idempotency_key     TEXT,
    fingerprint         TEXT
);
CREATE UNIQUE INDEX jobs_by_idempotency_key ON jobs (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX jobs_waiting ON jobs (priority DESC, sequence) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state IN ('claimed', 'running');
CREATE INDEX jobs_by_workflow ON jobs (workflow_id, sequence);
CREATE INDEX jobs_by_user ON jobs (user_id, sequence);
CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE attempts (
    job_id     TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number     INTEGER NOT NULL,
    worker     TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at   INTEGER,
    ending     TEXT,
    PRIMARY KEY (job_id, number)
);

CREATE TABLE messages (
    job_id  TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    kind    INTEGER NOT NULL,
    text    TEXT NOT NULL,
    tool    INTEGER NOT NULL,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (job_id, number)
);

CREATE TABLE outputs (
    id      TEXT PRIMARY KEY,
    job_id  TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,
    name    TEXT NOT NULL,
    formats TEXT NOT NULL,
    digest  TEXT NOT NULL,
    size    INTEGER NOT NULL,
    records INTEGER,
    kind    TEXT NOT NULL,
    tool    INTEGER NOT NULL,
    UNIQUE (job_id, number)
);
