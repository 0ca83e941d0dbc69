//! The team's own program.

use evalward_core::{BoxFuture, CallError, Example, Reply, Subject};
use evalward_models::program::{OneShot, ProgramAnswer, ProgramOptions, WorkerPool};
use evalward_models::{CachedCalls, CallKey, Tape, TapeAnswer};
use serde_json::{Map, Value, json};

use crate::SubjectError;
use crate::json::read_response;

/// What errors call the program.
const WHO: &str = "the program";

/// Which program answers, and how it is started.
#[derive(Clone, Debug)]
pub struct CommandOptions {
    /// The program.
    pub program: ProgramOptions,
    /// Whether it is started for every example, instead of once for each worker.
    pub one_shot: bool,
    /// What records or replays the calls.
    pub tape: Tape,
}

/// A program that speaks JSON lines: the subject kind `command`.
///
/// It is sent `{"id", "input"}`, with `context` where the example has documents, and answers a response with the same `id`,
/// or a JSON string. With `one_shot` the whole output is the answer, and may be plain text.
#[derive(Debug)]
pub struct CommandSubject {
    program: Program,
    tape: Tape,
    cache: Option<CachedCalls>,
}

#[derive(Debug)]
enum Program {
    Persistent(WorkerPool),
    OneShot(OneShot),
}

impl CommandSubject {
    /// Checks the options; nothing is started yet.
    ///
    /// # Errors
    /// [`SubjectError::Model`] if there is no program to start.
    pub fn new(options: CommandOptions) -> Result<Self, SubjectError> {
        let CommandOptions { program, one_shot, tape } = options;
        let program = if one_shot {
            Program::OneShot(OneShot::new(program)?)
        } else {
            Program::Persistent(WorkerPool::new(program)?)
        };
        Ok(Self { program, tape, cache: None })
    }

    /// Keeps answers in a cache, and takes those from it that are there.
    #[must_use]
    pub fn cached(self, cache: CachedCalls) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// Asks the program; an answer that is no response is an error, so that it is never recorded.
    async fn call(&self, id: &str, request: Map<String, Value>) -> Result<TapeAnswer, CallError> {
        let ProgramAnswer { value, latency_millis, attempts } = match &self.program {
            Program::Persistent(pool) => pool.call(id, request).await,
            Program::OneShot(program) => program.call(id, request).await,
        }?;
        read_response(&value, WHO).map_err(|error| CallError { attempts, ..error })?;
        Ok(TapeAnswer { value, latency_millis, attempts, cached: false })
    }
}

fn request(example: &Example) -> Map<String, Value> {
    let mut request = Map::new();
    request.insert("input".to_owned(), json!(example.input));
    if !example.context.is_empty() {
        request.insert("context".to_owned(), json!(example.context));
    }
    request
}

impl Subject for CommandSubject {
    fn shutdown(&self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            match &self.program {
                Program::Persistent(pool) => pool.shutdown().await,
                Program::OneShot(_) => {}
            }
        })
    }

    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        self.respond_in_trial(example, 1)
    }

    fn respond_in_trial<'a>(
        &'a self,
        example: &'a Example,
        trial: u32,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let id = example.id.as_str();
            let request = request(example);
            let shown = Value::Object(request.clone());
            let call = Box::pin(self.call(id, request));
            let key = CallKey::new("command", &shown).with_sample(trial.saturating_sub(1));
            let live = async {
                match &self.cache {
                    Some(cache) => cache.call(key, call).await,
                    None => call.await,
                }
            };
            let answer = self.tape.call(key, id, live).await?;
            let TapeAnswer { value, latency_millis, attempts, cached } = answer;
            let response = read_response(&value, WHO)?;
            Ok(Reply { response, latency_millis, attempts, cached })
        })
    }
}
