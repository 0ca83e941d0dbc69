-- What recorded runs came to in full, and the scores of each of their trials.

-- The run's summary as its folder has it; absent where an older evalward recorded the run.
ALTER TABLE runs ADD COLUMN summary TEXT;

-- The number of rows that `run_scores` has of the run; absent where they were not written, or were taken out again.
ALTER TABLE runs ADD COLUMN score_rows INTEGER;

-- The rows of a run lie side by side, so that it is written, and taken out again, in one place. `content` tells whether an
-- example is still what it was; `scores` is an object of `[value]`, `[value, passed]`, `"skipped"` or `"errored"` by metric.
CREATE TABLE run_scores (
    run TEXT NOT NULL,
    example TEXT NOT NULL,
    trial INTEGER NOT NULL,
    partition TEXT NOT NULL,
    content TEXT NOT NULL,
    outcome TEXT NOT NULL,
    confirms INTEGER NOT NULL,
    scores TEXT NOT NULL,
    PRIMARY KEY (run, example, trial)
) STRICT, WITHOUT ROWID;
