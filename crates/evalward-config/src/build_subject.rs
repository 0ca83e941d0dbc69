//! From the subject's table to a subject that can be asked.

use std::fmt;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use evalward_core::{ChatModel, Clock, Digest, Meter, Seed, Subject, SubjectStamp, SystemClock};
use evalward_models::program::ProgramOptions;
use evalward_models::{
    CachedCalls, CachedChat, CallCache, Hosts, ModelError, Tape, Transport, TransportOptions,
};
use evalward_subject::{
    CommandOptions, CommandSubject, HttpOptions, HttpSubject, Pointers, PromptOptions,
    PromptSubject, RecordedSubject, SubjectError,
};
use serde_json::{Value, json};
use toml::Spanned;

use crate::build::LocalModels;
use crate::build_chat::{Provider, chat_client};
use crate::load::Suite;
use crate::resolve::{Resolver, Template, to_usize};
use crate::source::simplified;
use crate::subject::{CallsConfig, ChatConfig, CommandConfig, HttpConfig, RecordedConfig};
use crate::{ConfigErrors, SubjectConfig};

/// Where calls go and what they are measured with.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The tape around every call.
    pub tape: Tape,
    /// Whether the tape answers every call, so that addresses and secrets are not needed.
    pub offline: bool,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// What the jitter of retries is drawn from.
    pub seed: Seed,
    /// Where answers of calls are kept that are not made again; nowhere by default.
    pub cache: Option<CallCache>,
    /// The models that are in memory already.
    pub models: LocalModels,
    /// What counts the calls of all clients.
    pub meter: Meter,
    /// What is known of the hosts that are called.
    pub hosts: Hosts,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            tape: Tape::live(),
            offline: false,
            clock: Arc::new(SystemClock),
            seed: Seed::from_number(0),
            cache: None,
            models: LocalModels::default(),
            meter: Meter::default(),
            hosts: Hosts::default(),
        }
    }
}

/// A subject that can be asked, and what a manifest says of it.
pub struct BuiltSubject {
    /// The subject.
    pub subject: Arc<dyn Subject>,
    /// What a manifest says of it.
    pub stamp: SubjectStamp,
    /// The clock it was built with.
    pub clock: Arc<dyn Clock>,
}

impl fmt::Debug for BuiltSubject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("BuiltSubject").field("stamp", &self.stamp).finish_non_exhaustive()
    }
}

impl Suite {
    /// Returns the files that the subject's prompt is made of; none where the subject is not a model with a prompt.
    pub fn prompt_files(&self) -> Vec<PathBuf> {
        let (SubjectConfig::Openai(chat) | SubjectConfig::Anthropic(chat)) =
            self.file.subject.get_ref()
        else {
            return Vec::new();
        };
        let files = chat.system.iter().chain(&chat.prompt);
        files
            .map(|file| simplified(&self.sources.folder_of(&file.span()).join(file.get_ref())))
            .collect()
    }

    /// Builds the suite's subject; nothing is called yet.
    ///
    /// # Errors
    /// [`ConfigErrors`] for environment variables that are not set, templates and files that cannot be read, and settings that
    /// make no sense, each with its place.
    pub fn build_subject(&self, options: &BuildOptions) -> Result<BuiltSubject, ConfigErrors> {
        let resolver = Resolver::new(&self.sources, &self.environment).offline(options.offline);
        let mut builder =
            Builder { resolver, options, span: self.file.subject.span(), templates: Vec::new() };
        let config = self.file.subject.get_ref();
        let built = match config {
            SubjectConfig::Openai(it) => builder.chat(Provider::OpenAi, it),
            SubjectConfig::Anthropic(it) => builder.chat(Provider::Anthropic, it),
            SubjectConfig::Http(it) => builder.http(it),
            SubjectConfig::Command(it) => builder.command(it),
            SubjectConfig::Recorded(it) => builder.recorded(it),
        };
        let Builder { resolver: Resolver { errors, .. }, templates, .. } = builder;
        let Some(Built { subject, name }) = built.filter(|_| errors.is_empty()) else {
            return Err(ConfigErrors(errors));
        };
        let prompt = Digest::chain(templates.iter().copied());
        let settings = serde_json::to_value(config).unwrap_or(Value::Null);
        let declared = self.file.suite.prompt_version.clone();
        let stamp = SubjectStamp {
            kind: config.kind().to_owned(),
            name,
            prompt_version: declared.or_else(|| (!templates.is_empty()).then(|| prompt.short())),
            hash: Digest::chain([Digest::of_json(&settings), prompt]),
        };
        Ok(BuiltSubject { subject, stamp, clock: Arc::clone(&options.clock) })
    }
}

struct Built {
    subject: Arc<dyn Subject>,
    name: String,
}

impl Built {
    fn new(subject: impl Subject + 'static, name: impl Into<String>) -> Self {
        Self { subject: Arc::new(subject), name: name.into() }
    }
}

struct Builder<'a> {
    resolver: Resolver<'a>,
    options: &'a BuildOptions,
    span: Range<usize>,
    templates: Vec<Digest>,
}

impl Builder<'_> {
    fn chat(&mut self, provider: Provider, config: &ChatConfig) -> Option<Built> {
        let Self { resolver, options, span, .. } = self;
        let client = chat_client(provider, config.into(), span, resolver, options)?;
        let chat: Arc<dyn ChatModel> = match &options.cache {
            Some(cache) => Arc::new(CachedChat::new(client.chat, cache.clone(), &client.address)),
            None => client.chat,
        };
        self.prompt(chat, config)
    }

    fn prompt(&mut self, chat: Arc<dyn ChatModel>, config: &ChatConfig) -> Option<Built> {
        let system = self.template(config.system.as_ref());
        let prompt = self.template(config.prompt.as_ref());
        if !self.resolver.errors.is_empty() {
            return None;
        }
        let template = prompt.as_ref().or(system.as_ref());
        let span = template.map_or(self.span.clone(), |template| template.span.clone());
        let subject = PromptSubject::new(PromptOptions {
            temperature: config.temperature,
            max_tokens: config.max_tokens.map(Into::into),
            parameters: config.parameters.clone().into_iter().collect(),
            system: system.map(|template| template.source),
            prompt: prompt.map(|template| template.source),
            tape: self.options.tape.clone(),
            ..PromptOptions::new(chat, config.model.as_str())
        });
        Some(Built::new(self.accept_subject(subject, &span)?, config.model.as_str()))
    }

    fn http(&mut self, config: &HttpConfig) -> Option<Built> {
        let transport = self.transport(&config.calls)?;
        let url = self.resolver.address(&config.url);
        let headers = self.resolver.secrets(&config.headers);
        let url =
            if self.options.offline { url.or_else(|| Some(OFFLINE.to_owned())) } else { url }?;
        let defaults = Pointers::default();
        let mut options = HttpOptions {
            headers,
            pointers: Pointers {
                output: config.output.clone().unwrap_or(defaults.output),
                context: config.context.clone(),
                tool_calls: config.tool_calls.clone(),
                usage: config.usage.clone(),
                model: config.model.clone(),
            },
            tape: self.options.tape.clone(),
            ..HttpOptions::new(transport, url)
        };
        if let Some(method) = &config.method {
            match method.parse() {
                Ok(method) => options.method = method,
                Err(error) => {
                    let error: evalward_models::ParseMethodError = error;
                    self.resolver.refuse(error.to_string(), &self.span.clone(), None);
                }
            }
        }
        if let Some(body) = &config.body {
            options.body = Some(body.get_ref().clone());
        }
        let address = evalward_models::Address::parse(&options.url).map(|it| it.identity());
        let subject = HttpSubject::new(options);
        let mut subject = self.accept_subject(subject, &config.url.span())?;
        if let Ok(address) = address
            && let Some(cache) = self.cache(config.version.as_deref(), &json!({"address": address}))
        {
            subject = subject.cached(cache);
        }
        Some(Built::new(subject, config.url.get_ref().public()))
    }

    fn command(&mut self, config: &CommandConfig) -> Option<Built> {
        let defaults = ProgramOptions::new(config.command.get_ref().iter().cloned());
        let folder = self.resolver.folder(config.cwd.as_ref(), &config.command.span());
        let program = ProgramOptions {
            cwd: Some(folder.clone()),
            env: self.resolver.secrets(&config.env),
            prepare: config.prepare.as_ref().map(|command| command.get_ref().clone()),
            timeout: config.timeout.map_or(defaults.timeout, |timeout| timeout.0),
            start_timeout: config.start_timeout.map_or(defaults.start_timeout, |timeout| timeout.0),
            ..defaults
        };
        let options =
            CommandOptions { program, one_shot: config.one_shot, tape: self.options.tape.clone() };
        let subject = CommandSubject::new(options);
        let mut subject = self.accept_subject(subject, &config.command.span())?;
        let called = json!({"command": config.command.get_ref(), "folder": folder});
        if let Some(cache) = self.cache(config.version.as_deref(), &called) {
            subject = subject.cached(cache);
        }
        Some(Built::new(subject, config.command.get_ref().join(" ")))
    }

    /// Returns the cache before an application whose version is stated: nothing else tells when its answers change.
    fn cache(&mut self, version: Option<&str>, called: &Value) -> Option<CachedCalls> {
        let version = version?;
        if version.trim().is_empty() {
            self.resolver.refuse("the version is empty".to_owned(), &self.span.clone(), None);
            return None;
        }
        let cache = self.options.cache.clone()?;
        Some(CachedCalls::new(cache, &json!({"called": called, "version": version})))
    }

    fn recorded(&mut self, config: &RecordedConfig) -> Option<Built> {
        let path = self.resolver.path(&config.file);
        let subject = RecordedSubject::open(path);
        Some(Built::new(self.accept_subject(subject, &config.file.span())?, config.file.get_ref()))
    }

    fn transport(&mut self, calls: &CallsConfig) -> Option<Transport> {
        let refuse = |error: ModelError| {
            let span = calls.place_of(&error).unwrap_or(self.span.clone());
            self.resolver.refuse(chain(&error), &span, error.hint());
        };
        transport(calls, self.options).map_err(refuse).ok()
    }

    fn template(&mut self, file: Option<&Spanned<String>>) -> Option<Template> {
        let template = self.resolver.template(file)?;
        self.templates.push(template.digest);
        Some(template)
    }

    fn accept_subject<T>(
        &mut self,
        result: Result<T, SubjectError>,
        span: &Range<usize>,
    ) -> Option<T> {
        result.map_err(|error| self.resolver.refuse(chain(&error), span, error.hint())).ok()
    }
}

/// Makes the transport of a client.
pub(crate) fn transport(
    calls: &CallsConfig,
    options: &BuildOptions,
) -> Result<Transport, ModelError> {
    let defaults = TransportOptions::default();
    Transport::new(TransportOptions {
        connect_timeout: calls.connect_timeout.map_or(defaults.connect_timeout, |it| it.0),
        request_timeout: calls.timeout.map_or(defaults.request_timeout, |it| it.0),
        hedge_after: calls.hedge_after.as_ref().map(|it| it.get_ref().0),
        max_attempts: calls.attempts.unwrap_or(defaults.max_attempts),
        max_retry_time: calls.total_retry_time.map_or(defaults.max_retry_time, |it| it.0),
        max_calls_per_host: calls.per_host.map(to_usize),
        requests_per_minute: calls.requests_per_minute,
        tokens_per_minute: calls.tokens_per_minute,
        outage_time: calls.outage_time.map_or(defaults.outage_time, |it| it.0),
        seed: options.seed,
        clock: Arc::clone(&options.clock),
        meter: options.meter.clone(),
        hosts: options.hosts.clone(),
        ..defaults
    })
}

/// Stands in for an address that is not needed, since a recording answers every call.
const OFFLINE: &str = "http://offline.invalid/";

/// Joins an error and its causes into one sentence.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
