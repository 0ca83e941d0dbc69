//! The evaluation of samples: workers lease jobs from the store, score them with a suite's own metrics, and write what they
//! come to. Nothing is lost when evaluators, the store or this process fail: a job stays in the store until its evaluation is
//! written under the lease that it was taken with.

mod attempt;
mod evaluator;
mod patience;
mod round;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use evaluator::Evaluator;
pub(crate) use worker::run;
