//! Tests of the command line as a user runs it.
#![cfg(test)]

mod answers_of_models;
mod baselines;
mod calibrations;
mod certify;
mod commands;
mod comparisons;
mod counts;
mod datasets;
mod embeddings;
mod endpoints;
mod feedback;
mod formats;
mod history;
mod imports;
mod interrupted_trials;
mod interruptions;
mod layers;
mod meaning;
mod metrics_of_values;
mod models;
mod old_runs;
mod outcomes;
mod power;
mod programs;
mod recordings;
mod repeats;
mod reports;
mod secrets;
mod selections;
mod similarity;
mod stats;
mod stored_runs;
mod support;
mod variants;
mod wrong_inputs;
