//! `POST /api/v1/interactions`: one interaction, an array of them, or one a line.

use std::fmt;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use evalward_core::{Interaction, Timestamp};
use evalward_store::Ingested;
use serde::Serialize;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::fields::Flaw;
use super::{ApiError, Ingests, body, fields, item, telemetry};
use crate::intake;
use crate::state::AppState;

const ROUTE: &str = "/api/v1/interactions";
/// How many interactions one request may hold.
const MAX_ITEMS: usize = 10_000;
/// Bytes of one interaction.
const MAX_ITEM_BYTES: usize = 4 << 20;

/// What became of the items of a request.
#[derive(Debug, Serialize)]
struct Taken {
    /// Interactions that are stored now and were not before.
    accepted: u64,
    /// Those of them that will be evaluated.
    sampled: u64,
    /// Interactions that were stored before.
    duplicate: u64,
    /// What was wrong with the others.
    rejected: Vec<Rejected>,
}

#[derive(Debug, Serialize)]
pub(super) struct Rejected {
    index: usize,
    field: String,
    reason: String,
}

/// A request taken apart.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) good: Vec<Interaction>,
    pub(super) rejected: Vec<Rejected>,
    pub(super) count: usize,
}

/// How the interactions of a request are written down.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// One, or an array of them.
    Json,
    /// One a line.
    Lines,
}

pub(super) fn routes() -> Router<AppState> {
    Router::new().route(ROUTE, post(take))
}

async fn take(
    State(state): State<AppState>,
    Ingests(caller): Ingests,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<Taken>), ApiError> {
    let form = match body::media_type(&headers).as_deref() {
        Some("application/json") => Form::Json,
        Some("application/x-ndjson" | "application/jsonl") => Form::Lines,
        _ => {
            let accepted = "`application/json` or `application/x-ndjson`";
            return Err(body::unsupported(&headers, accepted));
        }
    };
    let bytes = body::read(&headers, body, state.limits).await?;
    let now = state.clock.now();
    let batch = body::blocking(move || parse(form, &bytes, now)).await?;
    telemetry::items_refused(ROUTE, u64::try_from(batch.rejected.len()).unwrap_or(u64::MAX));
    if batch.good.is_empty() && !batch.rejected.is_empty() {
        return Err(all_rejected(batch.rejected));
    }
    let answers = if batch.good.is_empty() {
        Vec::new()
    } else {
        intake::take_in(&state, &caller.project, batch.good).await?
    };
    let mut taken = Taken { accepted: 0, sampled: 0, duplicate: 0, rejected: batch.rejected };
    for answer in answers {
        match answer {
            Ingested::Sampled => {
                taken.accepted += 1;
                taken.sampled += 1;
            }
            Ingested::Counted => taken.accepted += 1,
            Ingested::Duplicate => taken.duplicate += 1,
        }
    }
    Ok((StatusCode::ACCEPTED, Json(taken)))
}

fn all_rejected(rejected: Vec<Rejected>) -> ApiError {
    let count = rejected.len();
    let first = &rejected[0];
    let detail = match (count, first.field.as_str()) {
        (1, "") => first.reason.clone(),
        (1, field) => format!("`{field}`: {}", first.reason),
        _ => format!("none of the {count} interactions can be taken; `rejected` says why"),
    };
    let field = (count == 1 && !first.field.is_empty()).then(|| first.field.clone());
    let error = match field {
        Some(field) => ApiError::invalid(field, detail),
        None => ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, detail),
    };
    error.with_rejected(serde_json::to_value(rejected).unwrap_or_default())
}

/// Takes a body apart into interactions and what is wrong with the others.
pub(super) fn parse(form: Form, bytes: &[u8], now: Timestamp) -> Result<Batch, ApiError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let detail = format!("the body is not UTF-8 from byte {} on", error.valid_up_to());
        ApiError::new(StatusCode::BAD_REQUEST, detail)
    })?;
    let mut batch = Batch::default();
    match form {
        Form::Lines => {
            for (number, line) in text.lines().enumerate() {
                if !line.trim().is_empty() {
                    batch.add_line(number + 1, line, now);
                }
            }
        }
        Form::Json => {
            let mut json = serde_json::Deserializer::from_str(text);
            let parsed = if text.trim_start().starts_with('[') {
                json.deserialize_seq(Items { batch: &mut batch, now })
            } else {
                serde::Deserialize::deserialize(&mut json).map(|raw| batch.add(raw, now))
            };
            parsed.and_then(|()| json.end()).map_err(|error| malformed(&error))?;
        }
    }
    if batch.count > MAX_ITEMS {
        let detail =
            format!("the request has more than {MAX_ITEMS} interactions; send less at once");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
    }
    Ok(batch)
}

fn malformed(error: &serde_json::Error) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, format!("the body is not JSON: {error}"))
}

impl Batch {
    fn add(&mut self, raw: &RawValue, now: Timestamp) {
        if !self.has_room() {
            return;
        }
        if raw.get().len() > MAX_ITEM_BYTES {
            let reason = format!("this has more than {MAX_ITEM_BYTES} bytes; send less of it");
            self.push(Err(Flaw::new("", reason)));
            return;
        }
        let interaction = serde_json::from_str(raw.get())
            // The text was read once, so this is nesting or a number beyond what a value can hold.
            .map_err(|error| {
                let problem = fields::without_place(&error);
                Flaw::new("", format!("this cannot be read: {problem}"))
            })
            .and_then(|value| item::interaction(value, now));
        self.push(interaction);
    }

    fn add_line(&mut self, number: usize, line: &str, now: Timestamp) {
        match serde_json::from_str(line) {
            Ok(raw) => self.add(raw, now),
            Err(error) if self.has_room() => {
                let problem = fields::without_place(&error);
                let column = error.column();
                let reason = format!("line {number}, column {column}: this is not JSON: {problem}");
                self.push(Err(Flaw::new("", reason)));
            }
            Err(_) => {}
        }
    }

    /// Counts an item; those beyond the limit are counted once and no longer looked at.
    fn has_room(&mut self) -> bool {
        if self.count >= MAX_ITEMS {
            self.count = MAX_ITEMS + 1;
        }
        self.count <= MAX_ITEMS
    }

    fn push(&mut self, interaction: Result<Interaction, Flaw>) {
        match interaction {
            Ok(interaction) => self.good.push(interaction),
            Err(Flaw { field, reason }) => {
                self.rejected.push(Rejected { index: self.count, field, reason });
            }
        }
        self.count += 1;
    }
}

/// Reads an array item by item, so that the whole of it never stands in memory as values.
struct Items<'a> {
    batch: &'a mut Batch,
    now: Timestamp,
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array of interactions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(raw) = items.next_element::<&RawValue>()? {
            self.batch.add(raw, self.now);
        }
        Ok(())
    }
}
