//! The system under test.

use std::fmt;

use crate::{BoxFuture, CallError, Example, Reply};

/// A system under test: a model with a prompt, a retriever, a parser, a whole application.
///
/// Teams implement this trait to evaluate their own code in-process.
pub trait Subject: Send + Sync + fmt::Debug {
    /// Answers the example's input.
    ///
    /// The future fails with a [`CallError`] when there is no answer; the example is then errored, never passed.
    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>>;

    /// Answers the example's input once more; `trial` is the number of the attempt, from 1.
    ///
    /// A subject whose answers are recorded tells its trials apart by this number. By default every trial is a call of
    /// [`Self::respond`].
    fn respond_in_trial<'a>(
        &'a self,
        example: &'a Example,
        trial: u32,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        let _ = trial;
        self.respond(example)
    }

    /// Ends whatever the subject started; called once, when the last example is done.
    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Checks, without any call, that the subject could be asked this; finds undefined template variables before money is spent.
    ///
    /// # Errors
    /// What is wrong with the example or the subject's settings, as a sentence.
    fn preflight(&self, example: &Example) -> Result<(), String> {
        let _ = example;
        Ok(())
    }

    /// Returns what is sent for this example, for people who look at one closely; `None` where the input says it all.
    fn request_text(&self, example: &Example) -> Option<String> {
        let _ = example;
        None
    }
}
