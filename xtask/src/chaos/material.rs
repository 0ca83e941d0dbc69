//! The batches that senders send: ordinary interactions, violations, refunds and errors, on both ways in.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::ledger::Item;
use crate::monitor::{Span, encode_batch};

/// The most interactions of a batch.
const MOST_ITEMS: u32 = 40;

/// A batch that is ready to be sent, as often as it takes.
#[derive(Debug)]
pub(super) struct Message {
    /// The path that takes it.
    pub(super) path: &'static str,
    /// What the body is.
    pub(super) content_type: &'static str,
    /// The body.
    pub(super) body: Vec<u8>,
    /// The interactions that are in no other message.
    pub(super) items: Vec<Item>,
    /// How many interactions it repeats from acknowledged messages.
    pub(super) repeated: usize,
}

/// The native interactions of acknowledged messages that later ones may repeat.
pub(super) type Repeatable = Vec<Value>;

/// What an interaction is about.
#[derive(Clone, Copy, Debug)]
enum Matter {
    Good,
    Rude,
    Refund,
    Broken,
}

impl Matter {
    fn draw(random: &mut ChaCha8Rng) -> Self {
        match random.random_range(0..20) {
            0 | 1 => Self::Rude,
            2 => Self::Refund,
            3 => Self::Broken,
            _ => Self::Good,
        }
    }

    const fn stratum(self) -> &'static str {
        match self {
            Self::Good | Self::Rude => "base",
            Self::Refund => "pattern:refunds",
            Self::Broken => "error",
        }
    }

    const fn outcome(self) -> &'static str {
        match self {
            Self::Good | Self::Refund => "passed",
            Self::Rude => "failed",
            Self::Broken => "errored",
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Self::Refund => "When does my refund arrive?",
            _ => "How many notes can I keep on the starter plan?",
        }
    }

    const fn answer(self) -> &'static str {
        match self {
            Self::Rude => "Whatever, read the manual.",
            _ => "You can keep as many notes as you like, and attach files to each.",
        }
    }
}

/// Makes a batch in the form of the native interface.
pub(super) fn native(
    prefix: &str,
    random: &mut ChaCha8Rng,
    repeatable: &mut Repeatable,
) -> Message {
    let count = random.random_range(1..=MOST_ITEMS);
    let (mut items, mut values) = (Vec::new(), Vec::new());
    for index in 0..count {
        let id = format!("{prefix}-{index}");
        let trace_id = random.random_bool(0.5).then(|| hex(&random.random::<[u8; 16]>()));
        let matter = Matter::draw(random);
        let mut value = json!({"id": id, "service": "support", "version": "1.0.0", "input": {"question": matter.question()}});
        if let Some(trace_id) = &trace_id {
            value["trace_id"] = json!(trace_id);
        }
        match matter {
            Matter::Broken => value["error"] = json!("the model did not answer"),
            _ => value["output"] = json!(matter.answer()),
        }
        let key = trace_id.unwrap_or_else(|| id.clone());
        items.push(Item { id, key, stratum: matter.stratum(), outcome: matter.outcome() });
        values.push(value);
    }
    let mut sent = values.clone();
    let mut repeated = 0;
    if !repeatable.is_empty() && random.random_bool(0.3) {
        repeated = random.random_range(1..=repeatable.len().min(5));
        for _ in 0..repeated {
            let place = random.random_range(0..=sent.len());
            sent.insert(place, repeatable.swap_remove(random.random_range(0..repeatable.len())));
        }
    }
    repeatable.clear();
    repeatable.extend(values);
    let (content_type, body) = if random.random_bool(0.3) {
        let lines: Vec<String> = sent.iter().map(Value::to_string).collect();
        ("application/x-ndjson", lines.join("\n"))
    } else {
        ("application/json", Value::from(sent).to_string())
    };
    Message { path: "/api/v1/interactions", content_type, body: body.into_bytes(), items, repeated }
}

/// Makes a batch in the form of OTLP.
pub(super) fn spans(now_nanos: u64, random: &mut ChaCha8Rng) -> Message {
    let count = random.random_range(1..=MOST_ITEMS);
    let (mut items, mut spans) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let matter = match Matter::draw(random) {
            Matter::Broken => Matter::Good,
            matter => matter,
        };
        let (trace_id, own_id): ([u8; 16], [u8; 8]) = (random.random(), random.random());
        items.push(Item {
            id: format!("{}-{}", hex(&trace_id), hex(&own_id)),
            key: hex(&trace_id),
            stratum: matter.stratum(),
            outcome: matter.outcome(),
        });
        spans.push(Span {
            trace_id,
            own_id,
            question: matter.question().to_owned(),
            instructions: "You are Wren from Cobblenote.".to_owned(),
            answer: matter.answer().to_owned(),
            end_nanos: now_nanos,
        });
    }
    let body = encode_batch("support", "1.0.0", &spans);
    Message { path: "/v1/traces", content_type: "application/x-protobuf", body, items, repeated: 0 }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
