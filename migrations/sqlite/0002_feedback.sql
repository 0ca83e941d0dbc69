-- Failures, the patterns that they form, and the examples that are proposed for them.

CREATE TABLE patterns (
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    metric TEXT NOT NULL,
    rule TEXT,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    candidate TEXT,
    covered_by TEXT,
    covered_at INTEGER,
    recurred_in TEXT,
    PRIMARY KEY (project, id)
) STRICT;

-- When a pattern's failures in a version of the application first came in.
CREATE TABLE pattern_versions (
    project TEXT NOT NULL,
    pattern TEXT NOT NULL,
    version TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    PRIMARY KEY (project, pattern, version)
) STRICT;

CREATE TABLE failures (
    interaction INTEGER NOT NULL REFERENCES interactions (seq) ON DELETE CASCADE,
    pattern TEXT NOT NULL,
    project TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (interaction, pattern)
) STRICT;

CREATE INDEX failures_by_pattern ON failures (project, pattern, received_at);

CREATE TABLE candidates (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    id TEXT NOT NULL,
    pattern TEXT NOT NULL,
    interaction TEXT NOT NULL,
    state TEXT NOT NULL,
    example TEXT NOT NULL,
    warnings TEXT NOT NULL,
    promoted_as TEXT,
    revision INTEGER NOT NULL,
    UNIQUE (project, id)
) STRICT;

CREATE TABLE candidate_reviews (
    seq INTEGER PRIMARY KEY,
    project TEXT NOT NULL,
    candidate TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    reviewed_at INTEGER NOT NULL,
    approves INTEGER NOT NULL,
    note TEXT NOT NULL,
    content TEXT NOT NULL
) STRICT;

CREATE INDEX candidate_reviews_by_candidate ON candidate_reviews (project, candidate);
