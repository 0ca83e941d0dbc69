//! A program that is started for every request.

use std::io;
use std::process::ExitStatus;

use evalward_core::{CallError, CallErrorKind};
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::{Instant, timeout};

use super::ProgramOptions;
use super::answer::{NoAnswer, ProgramAnswer, read_object};
use super::process::{Process, Program, ended_with};
use crate::ModelError;
use crate::transport::millis;

/// The longest output that is read, in bytes.
const MAX_OUTPUT: u64 = 64 * 1024 * 1024;

/// A program that gets one request on stdin, and whose whole stdout is the answer.
#[derive(Debug)]
pub struct OneShot(Program);

impl OneShot {
    /// Checks the options; nothing is started yet.
    ///
    /// # Errors
    /// [`ModelError::EmptyCommand`] if there is no program to start.
    pub fn new(options: ProgramOptions) -> Result<Self, ModelError> {
        Program::new(options).map(Self)
    }

    /// Sends a request, to which the id is added, and returns the answer.
    ///
    /// Output that is a JSON string or an object with `output` is read as such, one with nothing but `error` (and `id`) is an
    /// error; anything else is plain text, without its last line end.
    ///
    /// # Errors
    /// [`CallErrorKind::Unreachable`] where the program cannot be started or prepared, `TimedOut`, `Malformed`, and `Failed`
    /// where it ends with another status than 0 or says that it could not answer.
    pub async fn call(
        &self,
        id: &str,
        mut request: Map<String, Value>,
    ) -> Result<ProgramAnswer, CallError> {
        let _permit = self.0.ready().await?;
        request.insert("id".to_owned(), id.into());
        let line = format!("{}\n", Value::Object(request));
        let limit = self.0.options().timeout;
        let started = Instant::now();
        let (mut process, stdin, stdout) = self.0.start()?;
        let Ok(run) = timeout(limit, run(&mut process, stdin, stdout, line)).await else {
            process.kill().await;
            let what = format!("did not end within {} s", limit.as_secs_f64());
            return Err(self.0.error(CallErrorKind::TimedOut, &what, &process.stderr()));
        };
        let latency_millis = millis(started.elapsed());
        process.end().await;
        let failed = |kind, what: &str| self.0.error(kind, what, &process.stderr());
        let (status, output) =
            run.map_err(|error| failed(CallErrorKind::Failed, &format!("was lost: {error}")))?;
        if !status.success() {
            return Err(failed(CallErrorKind::Failed, &ended_with(status)));
        }
        let output = String::from_utf8(output)
            .map_err(|_| failed(CallErrorKind::Malformed, "answered what is not UTF-8"))?;
        let value = read(&output, id).map_err(|refusal| match refusal {
            NoAnswer::Said(error) => {
                failed(CallErrorKind::Failed, &format!("reports an error: {error}"))
            }
            NoAnswer::Garbage(what) => failed(CallErrorKind::Malformed, &what),
        })?;
        Ok(ProgramAnswer { value, latency_millis, attempts: 1 })
    }
}

async fn run(
    process: &mut Process,
    mut stdin: ChildStdin,
    stdout: ChildStdout,
    line: String,
) -> io::Result<(ExitStatus, Vec<u8>)> {
    let write = async move {
        // A program that does not care for its input may end before it was written.
        drop(stdin.write_all(line.as_bytes()).await);
    };
    let read = async move {
        let mut output = Vec::new();
        let length = stdout.take(MAX_OUTPUT + 1).read_to_end(&mut output).await?;
        if u64::try_from(length).is_ok_and(|length| length > MAX_OUTPUT) {
            return Err(io::Error::other("it wrote more than 64 MiB"));
        }
        Ok(output)
    };
    let ((), output) = tokio::join!(write, read);
    Ok((process.status().await?, output?))
}

fn read(output: &str, id: &str) -> Result<Value, NoAnswer> {
    if output.trim().is_empty() {
        let what = "printed nothing; an empty answer is `{\"output\": \"\"}`";
        return Err(NoAnswer::Garbage(what.to_owned()));
    }
    match serde_json::from_str(output) {
        Ok(text @ Value::String(_)) => Ok(text),
        Ok(Value::Object(fields)) if is_answer(&fields) => read_object(fields, id, output),
        _ => Ok(output.strip_suffix('\n').unwrap_or(output).into()),
    }
}

fn is_answer(fields: &Map<String, Value>) -> bool {
    let is_error =
        || fields.contains_key("error") && fields.keys().all(|key| key == "error" || key == "id");
    fields.contains_key("output") || is_error()
}
