//! Workers of one program, as many as there are calls at a time.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use evalward_core::{CallError, CallErrorKind};
use futures::future::join_all;
use serde_json::{Map, Value};
use tokio::time::Instant;

use super::ProgramOptions;
use super::answer::{NoAnswer, ProgramAnswer, read};
use super::process::Program;
use super::worker::{NoLine, Worker};
use crate::ModelError;
use crate::transport::millis;

/// The processes of a program that is started once per worker and speaks JSON lines.
///
/// A worker is started when a call finds none idle, and kept for the calls that follow.
#[derive(Debug)]
pub struct WorkerPool {
    program: Program,
    idle: Mutex<Idle>,
}

#[derive(Debug, Default)]
struct Idle {
    workers: Vec<Worker>,
    is_shut_down: bool,
}

impl WorkerPool {
    /// Checks the options; nothing is started yet.
    ///
    /// # Errors
    /// [`ModelError::EmptyCommand`] if there is no program to start.
    pub fn new(options: ProgramOptions) -> Result<Self, ModelError> {
        Ok(Self { program: Program::new(options)?, idle: Mutex::default() })
    }

    /// Sends a request, to which the id is added, and returns the answer.
    ///
    /// A worker that dies over a request is replaced once. One that breaks the agreement or takes too long is killed.
    ///
    /// # Errors
    /// [`CallErrorKind::Unreachable`] where the program cannot be started or prepared, `TimedOut`, `Malformed` where the
    /// answer breaks the agreement, and `Failed` where the program says so or dies twice.
    pub async fn call(
        &self,
        id: &str,
        mut request: Map<String, Value>,
    ) -> Result<ProgramAnswer, CallError> {
        let _permit = self.program.ready().await?;
        request.insert("id".to_owned(), id.into());
        let line = format!("{}\n", Value::Object(request));
        let started = Instant::now();
        let first = self.idle_worker().await?;
        match self.attempt(first, id, &line, started).await? {
            Ok(answer) => Ok(answer),
            Err(first_end) => {
                tracing::debug!(end = first_end, "a worker died and is replaced");
                let (worker, restarted) = (self.new_worker()?, Instant::now());
                let attempt = self.attempt(worker, id, &line, restarted).await;
                match attempt.map_err(second_attempt)? {
                    Ok(answer) => Ok(ProgramAnswer { attempts: 2, ..answer }),
                    Err(end) => Err(second_attempt(self.program.error(
                        CallErrorKind::Failed,
                        &format!("died over this example, and again after a restart: it {end}"),
                        "",
                    ))),
                }
            }
        }
    }

    /// Asks one worker; the inner error says how it died.
    async fn attempt(
        &self,
        mut worker: Worker,
        id: &str,
        line: &str,
        started: Instant,
    ) -> Result<Result<ProgramAnswer, String>, CallError> {
        let limit = self.limit(&worker);
        match worker.exchange(line.as_bytes(), limit).await {
            Ok(answer) => {
                let latency_millis = millis(started.elapsed());
                let value = self.judge(worker, &answer, id).await?;
                Ok(Ok(ProgramAnswer { value, latency_millis, attempts: 1 }))
            }
            Err(NoLine::Died) => {
                let end = worker.process.end().await;
                let stderr = worker.process.stderr();
                let tail = if stderr.is_empty() {
                    String::new()
                } else {
                    format!("; its stderr ends:\n{stderr}")
                };
                Ok(Err(end + &tail))
            }
            Err(NoLine::TimedOut) => {
                let what = format!("gave no answer within {} s", limit.as_secs_f64());
                Err(self.kill(worker, CallErrorKind::TimedOut, &what).await)
            }
            Err(NoLine::Unreadable(what)) => {
                Err(self.kill(worker, CallErrorKind::Malformed, what).await)
            }
        }
    }

    /// Reads a worker's line, and keeps the worker only where it stuck to the agreement.
    async fn judge(&self, worker: Worker, line: &str, id: &str) -> Result<Value, CallError> {
        match read(line, id) {
            Ok(value) => {
                self.give_back(worker).await;
                Ok(value)
            }
            Err(NoAnswer::Said(error)) => {
                let stderr = worker.process.stderr();
                self.give_back(worker).await;
                let what = format!("reports an error: {error}");
                Err(self.program.error(CallErrorKind::Failed, &what, &stderr))
            }
            Err(NoAnswer::Garbage(what)) => {
                Err(self.kill(worker, CallErrorKind::Malformed, &what).await)
            }
        }
    }

    fn limit(&self, worker: &Worker) -> Duration {
        let options = self.program.options();
        if worker.has_answered {
            options.timeout
        } else {
            options.timeout.max(options.start_timeout)
        }
    }

    /// Returns a worker that waits for work, or a new one.
    async fn idle_worker(&self) -> Result<Worker, CallError> {
        while let Some(mut worker) = self.take_idle() {
            if worker.has_stray_output() {
                let what =
                    "wrote more than one line for a request, so that answers cannot be told apart";
                return Err(self.kill(worker, CallErrorKind::Malformed, what).await);
            }
            if !worker.process.has_ended() {
                return Ok(worker);
            }
        }
        self.new_worker()
    }

    fn take_idle(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).workers.pop()
    }

    fn new_worker(&self) -> Result<Worker, CallError> {
        self.program.start().map(Worker::new)
    }

    async fn give_back(&self, worker: Worker) {
        let late = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            if idle.is_shut_down {
                Some(worker)
            } else {
                idle.workers.push(worker);
                None
            }
        };
        if let Some(worker) = late {
            worker.stop().await;
        }
    }

    async fn kill(&self, mut worker: Worker, kind: CallErrorKind, what: &str) -> CallError {
        worker.process.kill().await;
        self.program.error(kind, what, &worker.process.stderr())
    }

    /// Lets every idle worker end by closing its input, kills those that do not end soon, and keeps none from now on.
    pub async fn shutdown(&self) {
        let workers = {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            idle.is_shut_down = true;
            std::mem::take(&mut idle.workers)
        };
        join_all(workers.into_iter().map(Worker::stop)).await;
    }
}

fn second_attempt(error: CallError) -> CallError {
    CallError { attempts: 2, ..error }
}
