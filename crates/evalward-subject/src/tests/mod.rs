//! Each subject through its `Subject` trait, against fake models, servers, programs and files.

mod command;
mod http;
mod prompt;
mod recorded;

use evalward_core::{CallErrorKind, Example, Reply, Subject};

/// Returns the reply without its wall time as JSON, or the kind and message of the error.
async fn outcome(subject: &dyn Subject, example: &Example) -> String {
    match subject.respond(example).await {
        Ok(reply) => shown(&reply),
        Err(error) => format!("{:?}: {}", error.kind, error.message),
    }
}

fn shown(reply: &Reply) -> String {
    let response = serde_json::to_string(&reply.response).unwrap();
    format!("{response} ({} attempts)", reply.attempts)
}

async fn error_kind(subject: &dyn Subject, example: &Example) -> CallErrorKind {
    subject.respond(example).await.unwrap_err().kind
}
