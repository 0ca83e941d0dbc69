-- Alerts, and the outbox from which they are delivered.

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    rule TEXT NOT NULL,
    alert_key TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    detail TEXT NOT NULL,
    state TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    times INTEGER NOT NULL,
    resolved_at INTEGER,
    acknowledged_by TEXT
) STRICT;

-- One alert is open for each rule and key.
CREATE UNIQUE INDEX alerts_open ON alerts (project, rule, alert_key) WHERE state <> 'resolved';
CREATE INDEX alerts_by_project ON alerts (project, id);

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alert INTEGER NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    destination TEXT NOT NULL,
    event TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    delivered_at INTEGER,
    is_done INTEGER NOT NULL DEFAULT FALSE
) STRICT;

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE NOT is_done;
CREATE INDEX outbox_in_order ON outbox (alert, destination, id) WHERE NOT is_done;
