//! A server that speaks as models do, and says what a test wants.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

/// A model server on a local port that ends with the value.
///
/// `POST …/messages` is answered in the form of the Anthropic API, everything else in that of the `OpenAI` chat API.
#[derive(Debug)]
pub struct FakeModel {
    server: MockServer,
    log: Arc<Mutex<Vec<Arrival>>>,
}

/// A request that reached the server.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// When it came.
    pub at: Instant,
    /// Its body.
    pub body: Value,
    /// What the server did.
    pub turn: Turn,
}

/// What the server does when it is asked.
#[derive(Clone, Debug)]
pub enum Turn {
    /// Answers with this text, and 12 input and 3 output tokens.
    Says(String),
    /// Answers with this body and status 200, whatever it is.
    Raw(String),
    /// Answers with an error status and these words.
    Refuses {
        /// The status.
        status: u16,
        /// The words.
        message: String,
        /// The seconds of a `Retry-After` header.
        retry_after_secs: Option<u32>,
    },
    /// Answers like that, with one more header.
    Told {
        /// What it answers.
        turn: Box<Self>,
        /// The header's name.
        name: &'static str,
        /// The header's value.
        value: String,
    },
    /// Never answers.
    Hangs,
}

impl Turn {
    /// Answers with a text.
    pub fn says(text: impl Into<String>) -> Self {
        Self::Says(text.into())
    }

    /// Refuses with a status.
    pub fn refuses(status: u16, message: &str) -> Self {
        Self::Refuses { status, message: message.to_owned(), retry_after_secs: None }
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        Self::Told { turn: Box::new(self), name, value: value.into() }
    }

    /// Answers 429 and asks to come back.
    pub fn is_busy(retry_after_secs: u32) -> Self {
        let message = "slow down".to_owned();
        Self::Refuses { status: 429, message, retry_after_secs: Some(retry_after_secs) }
    }
}

impl FakeModel {
    /// Starts a server that answers by the text of the last message.
    pub async fn start(script: impl Fn(&str) -> Turn + Send + Sync + 'static) -> Self {
        Self::serve(move |_, body| script(last_text(body))).await
    }

    /// Starts a server that answers by its turns in order, and by the last one from then on.
    pub async fn sequence(turns: impl Into<Vec<Turn>>) -> Self {
        let turns = turns.into();
        Self::serve(move |index, _| {
            turns
                .get(index)
                .or(turns.last())
                .cloned()
                .unwrap_or_else(|| Turn::refuses(500, "nothing to say"))
        })
        .await
    }

    /// Starts a server that answers by the whole body of a request.
    pub async fn answering(script: impl Fn(&Value) -> Turn + Send + Sync + 'static) -> Self {
        Self::serve(move |_, body| script(body)).await
    }

    /// Starts a server at an address of a test's own, such as that of one that has ended.
    pub async fn start_on(
        listener: TcpListener,
        script: impl Fn(&str) -> Turn + Send + Sync + 'static,
    ) -> Self {
        let server = MockServer::builder().listener(listener).start().await;
        Self::on(server, move |_, body| script(last_text(body))).await
    }

    async fn serve(script: impl Fn(usize, &Value) -> Turn + Send + Sync + 'static) -> Self {
        // A server of our own, not one from the pool: a hanging answer must end with the test.
        Self::on(MockServer::builder().start().await, script).await
    }

    async fn on(
        server: MockServer,
        script: impl Fn(usize, &Value) -> Turn + Send + Sync + 'static,
    ) -> Self {
        let log = Arc::new(Mutex::new(Vec::new()));
        let responder = Responder { script: Box::new(script), log: Arc::clone(&log) };
        Mock::given(any()).respond_with(responder).mount(&server).await;
        Self { server, log }
    }

    /// Returns the address before `/v1`.
    pub fn address(&self) -> String {
        self.server.uri()
    }

    /// Returns the bodies of all requests so far.
    pub fn requests(&self) -> Vec<Value> {
        self.log().into_iter().map(|arrival| arrival.body).collect()
    }

    /// Returns all requests so far, in the order in which they came, with what became of them.
    pub fn log(&self) -> Vec<Arrival> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

type Script = dyn Fn(usize, &Value) -> Turn + Send + Sync;

struct Responder {
    script: Box<Script>,
    log: Arc<Mutex<Vec<Arrival>>>,
}

impl Respond for Responder {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let turn = {
            let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (self.script)(log.len(), &body);
            log.push(Arrival { at: Instant::now(), body, turn: turn.clone() });
            turn
        };
        template(turn, request.url.path().ends_with("/messages"))
    }
}

fn template(turn: Turn, is_anthropic: bool) -> ResponseTemplate {
    match turn {
        Turn::Says(text) if is_anthropic => {
            ResponseTemplate::new(200).set_body_json(anthropic(&text))
        }
        Turn::Says(text) => ResponseTemplate::new(200).set_body_json(openai(&text)),
        Turn::Raw(body) => ResponseTemplate::new(200).set_body_raw(body, "application/json"),
        Turn::Refuses { status, message, retry_after_secs } => {
            let template =
                ResponseTemplate::new(status).set_body_json(json!({"error": {"message": message}}));
            match retry_after_secs {
                Some(seconds) => template.insert_header("retry-after", seconds.to_string()),
                None => template,
            }
        }
        Turn::Told { turn, name, value } => {
            template(*turn, is_anthropic).insert_header(name, value.as_str())
        }
        Turn::Hangs => ResponseTemplate::new(200).set_delay(Duration::from_hours(1)),
    }
}

fn openai(text: &str) -> Value {
    json!({
        "model": "fake-1",
        "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 12, "completion_tokens": 3},
    })
}

fn anthropic(text: &str) -> Value {
    json!({
        "model": "fake-1",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 12, "output_tokens": 3},
    })
}

fn last_text(body: &Value) -> &str {
    let last = body["messages"].as_array().and_then(|messages| messages.last());
    last.and_then(|message| message["content"].as_str()).unwrap_or_default()
}
