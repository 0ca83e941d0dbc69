-- API keys, of which only hashes are stored, and the history of offline runs.

CREATE TABLE api_keys (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;

CREATE TABLE runs (
    id TEXT NOT NULL PRIMARY KEY,
    suite TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    decision TEXT NOT NULL,
    exit_code INTEGER NOT NULL,
    manifest TEXT NOT NULL,
    partitions TEXT NOT NULL
) STRICT;

CREATE INDEX runs_by_suite ON runs (suite, started_at);
CREATE INDEX runs_by_start ON runs (started_at);
