//! Suites and runs of other tools, translated into suites, datasets and recorded runs.
//!
//! Whatever has no counterpart is listed by name and line, never dropped. The crate knows no command line and calls nothing.
