//! One span into one interaction.

use std::collections::BTreeMap;

use evalward_core::{Finite, Interaction, InteractionId, Response, Timestamp, Usage};
use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::attributes::Attributes;
use super::batch::{Batch, SpanChoice};
use super::question::{self, Found};
use super::resource::{Resource, Scope, word};
use super::sources::{
    COST, DETAIL_EVENTS, INPUT_TOKENS, MODEL, OUTPUT_TOKENS, SESSION, counted_prefix, is_known,
};
use super::span::{Event, Span, Status, hex, object};
use super::{documents, events, kind};

/// Takes spans one by one and gathers what they come to.
#[derive(Debug)]
pub(super) struct Mapper {
    choice: SpanChoice,
    now: Timestamp,
    batch: Batch,
}

impl Mapper {
    pub(super) fn new(choice: SpanChoice, now: Timestamp) -> Self {
        Self { choice, now, batch: Batch::default() }
    }

    pub(super) fn take(&mut self, resource: &Resource, scope: &Scope, span: Result<Span, String>) {
        let mapped = span.and_then(|span| {
            let id = check_ids(&span)?;
            Ok(self.map(resource, scope, id, span))
        });
        match mapped {
            Ok(Some(interaction)) => self.batch.interactions.push(interaction),
            Ok(None) => self.batch.ignored += 1,
            Err(problem) => self.batch.reject(&problem),
        }
    }

    pub(super) fn finish(self) -> Batch {
        self.batch
    }

    fn map(
        &mut self,
        resource: &Resource,
        scope: &Scope,
        id: InteractionId,
        mut span: Span,
    ) -> Option<Interaction> {
        let mut own = std::mem::take(&mut span.attributes);
        for name in DETAIL_EVENTS {
            own.append(&mut events::take_named(&mut span.events, name));
        }
        let mut attributes = Attributes::new(own);
        if !kind::is_chosen(self.choice, &span, &attributes) {
            return None;
        }
        let mut interaction = Interaction::new(id, started_at(&span).unwrap_or(self.now));
        interaction.trace_id = Some(hex(&span.trace_id));
        interaction.latency_millis = latency_millis(&span);
        let mut lineage = Lineage(BTreeMap::new());
        of_resource(resource, &mut interaction, &mut lineage);
        if let Some((session, name)) = first_word(&mut attributes, &SESSION) {
            interaction.session = Some(session);
            lineage.add("session", name);
        }
        contents(&mut interaction, &mut lineage, &mut attributes, &mut span);
        let mut rest = attributes.rest();
        for name in rest.keys().filter(|name| !is_known(name)) {
            *self.batch.unmapped.entry(counted_prefix(name)).or_default() += 1;
        }
        interaction.attributes.append(&mut rest);
        of_span(span, scope, resource, &mut interaction.attributes);
        interaction.lineage = lineage.0;
        Some(interaction)
    }
}

/// For each field that was mapped, the name it came under.
struct Lineage(BTreeMap<String, String>);

impl Lineage {
    fn add(&mut self, field: &str, name: &str) {
        self.0.insert(field.to_owned(), name.to_owned());
    }
}

fn check_ids(span: &Span) -> Result<InteractionId, String> {
    let check = |what: &str, id: &[u8], bytes: usize| match id {
        [] => Err(format!("it has no {what} id")),
        id if id.len() != bytes => {
            Err(format!("its {what} id has {} bytes; it must have {bytes}", id.len()))
        }
        id if id.iter().all(|byte| *byte == 0) => Err(format!("its {what} id is all zeros")),
        _ => Ok(()),
    };
    check("trace", &span.trace_id, 16)?;
    check("span", &span.id, 8)?;
    let id = format!("{}-{}", hex(&span.trace_id), hex(&span.id));
    InteractionId::new(id).map_err(|error| error.to_string())
}

fn started_at(span: &Span) -> Option<Timestamp> {
    let millis = i64::try_from(span.start_nanos / 1_000_000).ok()?;
    (span.start_nanos > 0).then(|| Timestamp::from_millis(millis))
}

fn latency_millis(span: &Span) -> Option<u64> {
    let is_timed = span.start_nanos > 0 && span.end_nanos > 0;
    let nanos = span.end_nanos.checked_sub(span.start_nanos).filter(|_| is_timed)?;
    Some(nanos / 1_000_000)
}

fn of_resource(resource: &Resource, interaction: &mut Interaction, lineage: &mut Lineage) {
    interaction.service.clone_from(&resource.service);
    interaction.version.clone_from(&resource.version);
    if interaction.service.is_some() {
        lineage.add("service", "service.name");
    }
    if interaction.version.is_some() {
        lineage.add("version", "service.version");
    }
    if let Some((environment, name)) = &resource.environment {
        interaction.environment = Some(environment.clone());
        lineage.add("environment", name);
    }
}

/// Fills in the input, the answer and the error; or says why they are not there.
fn contents(
    interaction: &mut Interaction,
    lineage: &mut Lineage,
    attributes: &mut Attributes,
    span: &mut Span,
) {
    let input = question::take(attributes, &mut span.events);
    let output = answer::take(attributes, &mut span.events);
    let has_answer = matches!(&output, Found::Here(answer, _)
        if !answer.text.is_empty() || !answer.tool_calls.is_empty());
    if let Some((error, name)) = error(attributes, span, has_answer) {
        interaction.error = Some(error);
        lineage.add("error", name);
    }
    let hidden = match (&input, &output) {
        (Found::Redacted(name), _) | (_, Found::Redacted(name)) => {
            Some(format!("the instrumentation hid `{name}`"))
        }
        (Found::Nothing, Found::Nothing) if interaction.error.is_none() => Some(
            "the span has neither an input nor an output; is the instrumentation told to capture contents?"
                .to_owned(),
        ),
        _ => None,
    };
    if hidden.is_some() {
        interaction.withheld = hidden;
        return;
    }
    if let Found::Here(input, name) = input {
        interaction.input = input;
        lineage.add("input", name);
    }
    match output {
        // A call that broke off did not answer with an empty text.
        Found::Here(mut answer, name) if has_answer || interaction.error.is_none() => {
            keep_beside(&mut answer, &mut interaction.attributes);
            interaction.response = Some(response(answer, name, lineage, attributes));
        }
        _ => {}
    }
}

/// Keeps as attributes what an answer came with and a response has no field for.
fn keep_beside(answer: &mut Answer, attributes: &mut BTreeMap<String, Value>) {
    let more = std::mem::take(&mut answer.more);
    let beside = [
        ("finish_reason", answer.finish_reason.take().map(Value::from)),
        ("output.reasoning", answer.reasoning.take()),
        ("output.choices", (!more.is_empty()).then_some(Value::Array(more))),
    ];
    for (name, value) in beside {
        attributes.extend(value.map(|value| (name.to_owned(), value)));
    }
}

fn response(
    answer: Answer,
    name: &str,
    lineage: &mut Lineage,
    attributes: &mut Attributes,
) -> Response {
    lineage.add("response.output", name);
    if !answer.tool_calls.is_empty() {
        lineage.add("response.tool_calls", name);
    }
    let mut response =
        Response { output: answer.text, tool_calls: answer.tool_calls, ..Response::default() };
    if let Some((documents, name)) = documents::take(attributes) {
        response.context = documents;
        lineage.add("response.context", name);
    }
    if let Some((model, name)) = first_word(attributes, &MODEL) {
        response.model = Some(model);
        lineage.add("response.model", name);
    }
    let mut usage = Usage::default();
    if let Some((tokens, name)) = first_of(attributes, &INPUT_TOKENS, count) {
        usage.input_tokens = Some(tokens);
        lineage.add("response.usage.input_tokens", name);
    }
    if let Some((tokens, name)) = first_of(attributes, &OUTPUT_TOKENS, count) {
        usage.output_tokens = Some(tokens);
        lineage.add("response.usage.output_tokens", name);
    }
    if let Some((cost, name)) = first_of(attributes, &COST, price) {
        usage.cost_usd = Some(cost);
        lineage.add("response.usage.cost_usd", name);
    }
    response.usage = (usage != Usage::default()).then_some(usage);
    response
}

/// Takes the first value that can be read; the others stay.
fn first_of<T>(
    attributes: &mut Attributes,
    names: &'static [&'static str],
    read: impl Fn(&Value) -> Option<T>,
) -> Option<(T, &'static str)> {
    let (found, name) = names
        .iter()
        .find_map(|name| attributes.get(name).and_then(&read).map(|found| (found, *name)))?;
    attributes.take(name);
    Some((found, name))
}

fn first_word(
    attributes: &mut Attributes,
    names: &'static [&'static str],
) -> Option<(String, &'static str)> {
    first_of(attributes, names, word)
}

fn count(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_u64().or_else(|| {
            let real = value.as_f64().filter(|real| *real >= 0.0 && real.fract() == 0.0)?;
            format!("{real:.0}").parse().ok()
        }),
    }
}

fn price(value: &Value) -> Option<Finite> {
    let price = match value {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_f64()?,
    };
    Finite::new(price).ok()
}

/// Returns what went wrong, with the name that said so.
fn error(attributes: &Attributes, span: &Span, has_answer: bool) -> Option<(String, &'static str)> {
    let exception = span.events.iter().find(|event| event.name == "exception");
    let kind = attributes.get("error.type").and_then(word);
    let has_failed = match span.status {
        Status::Error => true,
        Status::Ok => false,
        // An exception that was caught does not undo an answer.
        Status::Unset => kind.is_some() || exception.is_some() && !has_answer,
    };
    if !has_failed {
        return None;
    }
    if let Some(text) = exception.and_then(exception_text) {
        return Some((text, "exception.message"));
    }
    if !span.status_message.is_empty() {
        return Some((span.status_message.clone(), "status.message"));
    }
    match kind {
        Some(kind) => Some((kind, "error.type")),
        None => Some(("the span's status is an error".to_owned(), "status.code")),
    }
}

fn exception_text(event: &Event) -> Option<String> {
    let find = |wanted: &str| {
        let (_, value) = event.attributes.iter().find(|(name, _)| name == wanted)?;
        value.as_str().filter(|text| !text.is_empty())
    };
    match (find("exception.type"), find("exception.message")) {
        (Some(kind), Some(message)) => Some(format!("{kind}: {message}")),
        (Some(text), None) | (None, Some(text)) => Some(text.to_owned()),
        (None, None) => None,
    }
}

/// Keeps what the span itself says beside its attributes.
fn of_span(
    span: Span,
    scope: &Scope,
    resource: &Resource,
    attributes: &mut BTreeMap<String, Value>,
) {
    let mut keep = |name: &str, value: Value| {
        attributes.insert(name.to_owned(), value);
    };
    if !span.name.is_empty() {
        keep("span.name", span.name.into());
    }
    if !span.parent_id.is_empty() {
        keep("span.parent_id", hex(&span.parent_id).into());
    }
    if !span.trace_state.is_empty() {
        keep("span.trace_state", span.trace_state.into());
    }
    if !scope.name.is_empty() {
        keep("scope.name", scope.name.clone().into());
    }
    if !span.events.is_empty() {
        let events = span.events.into_iter();
        let events = events
            .map(|event| json!({"name": event.name, "attributes": object(event.attributes)}))
            .collect();
        keep("span.events", events);
    }
    for (name, value) in &resource.kept {
        keep(name, value.clone());
    }
}
