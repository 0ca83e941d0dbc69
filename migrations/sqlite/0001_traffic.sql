-- Interactions with their evaluations, the queue, users' thumbs, and windows. Moments are milliseconds since 1970, in UTC.

CREATE TABLE interactions (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    segment TEXT NOT NULL,
    stratum TEXT NOT NULL,
    probability REAL NOT NULL,
    is_sampled INTEGER NOT NULL,
    version TEXT,
    document TEXT NOT NULL,
    UNIQUE (project, id)
) STRICT;

-- When the first interaction of each version of an application came in; a later version is one that came after a moment.
CREATE TABLE versions (
    project TEXT NOT NULL,
    version TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (project, version)
) STRICT;

-- What the evaluation of a sample came to; a sample that waits has no row.
CREATE TABLE samples (
    interaction INTEGER PRIMARY KEY REFERENCES interactions (seq) ON DELETE CASCADE,
    outcome TEXT NOT NULL,
    reasons TEXT NOT NULL,
    cause TEXT,
    scores TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    evaluated_at INTEGER NOT NULL
) STRICT;

-- An id is never used again: together with the token it tells one lease from every other.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    interaction INTEGER NOT NULL UNIQUE REFERENCES interactions (seq) ON DELETE CASCADE,
    project TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    run_at INTEGER NOT NULL,
    token INTEGER NOT NULL DEFAULT 0,
    leased_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    first_failed_at INTEGER,
    error TEXT,
    is_parked INTEGER NOT NULL DEFAULT FALSE
) STRICT;

CREATE INDEX jobs_due ON jobs (run_at, id) WHERE NOT is_parked;
CREATE INDEX jobs_parked ON jobs (project, id) WHERE is_parked;

-- A thumb may come before its interaction; then it waits, with what sampling decided.
CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    interaction TEXT NOT NULL,
    thumb TEXT NOT NULL,
    comment TEXT,
    received_at INTEGER NOT NULL,
    stratum TEXT,
    probability REAL,
    is_sampled INTEGER,
    is_waiting INTEGER NOT NULL,
    UNIQUE (project, interaction, thumb)
) STRICT;

CREATE INDEX feedback_waiting ON feedback (project, interaction) WHERE is_waiting;

CREATE TABLE windows (
    project TEXT NOT NULL,
    resolution TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    segment TEXT NOT NULL,
    stratum TEXT NOT NULL,
    seen INTEGER NOT NULL,
    sampled INTEGER NOT NULL,
    passed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    errored INTEGER NOT NULL,
    skipped INTEGER NOT NULL,
    n INTEGER NOT NULL,
    w REAL NOT NULL,
    ww REAL NOT NULL,
    wy REAL NOT NULL,
    v REAL NOT NULL,
    vy REAL NOT NULL,
    vyy REAL NOT NULL,
    PRIMARY KEY (project, resolution, start_at, segment, stratum)
) STRICT;

CREATE TABLE window_scores (
    project TEXT NOT NULL,
    resolution TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    segment TEXT NOT NULL,
    stratum TEXT NOT NULL,
    metric TEXT NOT NULL,
    n INTEGER NOT NULL,
    w REAL NOT NULL,
    ww REAL NOT NULL,
    wy REAL NOT NULL,
    v REAL NOT NULL,
    vy REAL NOT NULL,
    vyy REAL NOT NULL,
    PRIMARY KEY (project, resolution, start_at, segment, stratum, metric)
) STRICT;
