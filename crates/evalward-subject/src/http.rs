//! The team's own application, over HTTP.

use evalward_core::{BoxFuture, CallError, CallErrorKind, Example, Reply, Subject};
use evalward_models::{
    Address, CachedCalls, CallKey, Headers, HttpCall, HttpMethod, Tape, TapeAnswer, Transport,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::http_body::BodyTemplate;
use crate::{Pointers, SubjectError};

/// Where an application is, what it is sent, and where its answer holds what.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// The HTTP layer.
    pub transport: Transport,
    /// The method.
    pub method: HttpMethod,
    /// The address.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, SecretString)>,
    /// The body; its texts are templates over `id`, `input` and `context`, and one that is exactly one expression, such as
    /// `{{ input }}`, gives its JSON value.
    pub body: Option<Value>,
    /// Where the parts of the response are.
    pub pointers: Pointers,
    /// What records or replays the calls.
    pub tape: Tape,
}

impl HttpOptions {
    /// Makes the options of an application that is sent `{"input": …}` and answers `{"output": …}`.
    pub fn new(transport: Transport, url: impl Into<String>) -> Self {
        Self {
            transport,
            method: HttpMethod::Post,
            url: url.into(),
            headers: Vec::new(),
            body: Some(json!({"input": "{{ input }}"})),
            pointers: Pointers::default(),
            tape: Tape::live(),
        }
    }
}

/// An application that is asked over HTTP: the subject kind `http`.
#[derive(Debug)]
pub struct HttpSubject {
    transport: Transport,
    method: HttpMethod,
    address: Address,
    headers: Headers,
    body: Option<BodyTemplate>,
    pointers: Pointers,
    tape: Tape,
    cache: Option<CachedCalls>,
}

impl HttpSubject {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`SubjectError`] if the address, a header, a template or a pointer cannot be used.
    pub fn new(options: HttpOptions) -> Result<Self, SubjectError> {
        let headers = options.headers.iter().map(|(name, value)| (name.as_str(), value));
        let headers = Headers::new(headers)?;
        options.pointers.check()?;
        Ok(Self {
            transport: options.transport,
            method: options.method,
            address: Address::parse(&options.url)?,
            headers,
            body: options.body.map(BodyTemplate::new).transpose()?,
            pointers: options.pointers,
            tape: options.tape,
            cache: None,
        })
    }

    /// Keeps answers in a cache, and takes those from it that are there.
    #[must_use]
    pub fn cached(self, cache: CachedCalls) -> Self {
        Self { cache: Some(cache), ..self }
    }

    fn body(&self, example: &Example) -> Result<Option<Value>, String> {
        self.body.as_ref().map(|body| body.render(example)).transpose()
    }

    /// Calls the application; an answer that holds no response is an error, so that it is never recorded.
    async fn call(&self, body: Option<&Value>) -> Result<TapeAnswer, CallError> {
        let answer = self.transport.send(self.http_call(body)).await?;
        let (value, usage) = self.read(|who| {
            let value = self.pointers.parse(&answer, who)?;
            let response = self.pointers.extract(&value, who)?;
            Ok((value, response.usage))
        })?;
        if let Some(usage) = usage {
            self.transport.meter().count_usage(&usage);
        }
        let (latency_millis, attempts) = (answer.latency_millis, answer.attempts);
        Ok(TapeAnswer { value, latency_millis, attempts, cached: false })
    }

    /// Reads an answer; errors name the application and no secret.
    fn read<T>(&self, read: impl FnOnce(&str) -> Result<T, CallError>) -> Result<T, CallError> {
        let who = format!("`{} {}`", self.method, self.address);
        read(&who).map_err(|error| CallError {
            message: self.http_call(None).blank(&error.message),
            ..error
        })
    }

    fn http_call<'a>(&'a self, body: Option<&'a Value>) -> HttpCall<'a> {
        HttpCall {
            method: self.method,
            address: &self.address,
            headers: &self.headers,
            body,
            credential: "the subject's `headers`",
        }
    }
}

impl Subject for HttpSubject {
    fn respond<'a>(&'a self, example: &'a Example) -> BoxFuture<'a, Result<Reply, CallError>> {
        self.respond_in_trial(example, 1)
    }

    fn respond_in_trial<'a>(
        &'a self,
        example: &'a Example,
        trial: u32,
    ) -> BoxFuture<'a, Result<Reply, CallError>> {
        Box::pin(async move {
            let body = self.body(example).map_err(|reason| CallError {
                attempts: 0,
                ..CallError::new(CallErrorKind::Failed, reason)
            })?;
            let request = json!({"method": self.method.name(), "body": body});
            let key = CallKey::new("http", &request).with_sample(trial.saturating_sub(1));
            let call = Box::pin(self.call(body.as_ref()));
            let live = async {
                match &self.cache {
                    Some(cache) => cache.call(key, call).await,
                    None => call.await,
                }
            };
            let TapeAnswer { value, latency_millis, attempts, cached } =
                self.tape.call(key, example.id.as_str(), live).await?;
            let response = self.read(|who| self.pointers.extract(&value, who))?;
            Ok(Reply { response, latency_millis, attempts, cached })
        })
    }

    fn preflight(&self, example: &Example) -> Result<(), String> {
        self.body(example).map(drop)
    }
}
