//! Counting what a judge is asked for.

use std::sync::{Mutex, PoisonError};

use evalward_core::{JudgeCalls, Measured, Measurement};

use crate::model::Judgement;

/// The calls of one judge for one answer, also where nothing comes of them.
#[derive(Debug)]
pub(crate) struct Meter(Mutex<JudgeCalls>);

impl Meter {
    /// Starts at nothing.
    pub(crate) fn new(judge: &str, version: &str) -> Self {
        Self(Mutex::new(JudgeCalls::none(judge, version)))
    }

    pub(crate) fn count(&self, judgement: &Judgement) {
        let answer = &judgement.answer;
        let (model, fingerprint) = (answer.model.as_deref(), answer.fingerprint.as_deref());
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if judgement.is_cached {
            calls.count_cached(model, fingerprint);
        } else {
            calls.count(answer.usage, model, fingerprint);
        }
    }

    /// Returns what was counted.
    pub(crate) fn into_calls(self) -> JudgeCalls {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Joins what was counted with what came of it.
    pub(crate) fn beside(self, measurement: Measurement) -> Measured {
        let calls = self.into_calls();
        let calls = (calls.answers > 0).then_some(calls);
        Measured { calls, ..measurement.into() }
    }
}
