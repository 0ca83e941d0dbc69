//! Batches of spans as a busy support application exports them.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::monitor::{Span, encode_batch};

/// The spans of a batch.
pub(super) const SPANS: usize = 100;

/// Bytes of the ids of a span: the trace's, then its own.
const ID_BYTES: usize = 24;

/// What is written between the two ids: the tag and the length of the second.
const BETWEEN: usize = 2;

const QUESTIONS: &[&str] = &[
    "Hi, we moved from the Starter plan to Team last week, and the invoice that came today still shows the old price. Which one is right, and will the difference be refunded?",
    "How do I export all notes of my workspace with their attachments, including those that were archived, before the trial of two of my colleagues ends on Friday?",
    "Sync stopped on my phone after the last update. The desktop app is fine. I signed out and in again, twice, and cleared the cache. What else can I try?",
    "Is there a discount for schools and charities, does it apply to the yearly price too, and do we need to send you a proof of our status each year?",
];

const INSTRUCTIONS: &[&str] = &[
    "You are Wren, the support assistant of Cobblenote, a notes and workflow service.",
    "Answer only from the articles below; where they do not tell, say so and offer to pass the question on to a colleague.",
    "Greet the customer, answer every part of the question, and close by offering further help.",
    "Never mention competitors, never promise a date, and never ask for a password or a card number.",
    "Article pricing: Starter is billed per month or per year; the yearly price saves two months. Team adds shared spaces, roles and a higher limit for attachments.",
    "Article refunds: a change of plan takes effect at once; the unused part of the old plan is credited on the next invoice and is paid back on request.",
    "Article export: owners export a workspace under Settings, Data; the archive holds Markdown files and a folder with attachments, and a link to it is valid for seven days.",
    "Article sync: devices sync while the app is open; a device that was offline for more than thirty days asks for a fresh sign-in before it uploads anything.",
];

const ANSWERS: &[&str] = &[
    "Hello, this is Wren from Cobblenote, and thank you for the details.",
    "A change of plan takes effect at once, and the unused part of the old plan is credited on your next invoice.",
    "The price on the invoice that came today is therefore that of the day on which it was made, before the change.",
    "You can export everything under Settings, Data, as the owner of the workspace; archived notes and their attachments are part of the archive.",
    "The link to the archive is valid for seven days, so there is time enough before the trial of your colleagues ends.",
    "If a device was offline for more than thirty days, it asks for a fresh sign-in before it uploads anything, so please check that first.",
    "The yearly price saves two months, and schools and charities get a further discount once their status was confirmed.",
];

/// How the answers that keep to the rules close.
const CLOSING: &str = "Please let me know if there is anything else that I can help with.";

/// Sentences that a span's instructions and answer are made of.
const SENTENCES: (usize, usize) = (10, 6);

/// When the calls ended; what counts is when they come in.
const END_NANOS: u64 = 1_793_700_000_000_000_000;

/// The body of a request whose ids can be replaced in place.
#[derive(Debug)]
pub(super) struct Batch {
    body: Vec<u8>,
    /// Where the id of each span's trace starts.
    places: Vec<usize>,
}

impl Batch {
    /// Makes a batch of spans with texts of their own.
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let spans: Vec<Span> = (0..SPANS).map(|_| span(random)).collect();
        let body = encode_batch("support", "1.0.0", &spans);
        let mut places = Vec::with_capacity(SPANS);
        let mut from = 0;
        for span in &spans {
            let rest = body.get(from..).unwrap_or_default();
            let place = rest.windows(span.trace_id.len()).position(|bytes| bytes == span.trace_id);
            from += place.expect("an encoded span holds the id of its trace");
            places.push(from);
        }
        Self { body, places }
    }

    /// Returns the body as it is now.
    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// Replaces all ids, so that the spans are new to the monitor.
    pub(super) fn renew(&mut self, random: &mut ChaCha8Rng) {
        for place in &self.places {
            let ids: [u8; ID_BYTES] = random.random();
            let (trace, span) = ids.split_at(16);
            self.body[*place..place + 16].copy_from_slice(trace);
            self.body[place + 16 + BETWEEN..place + ID_BYTES + BETWEEN].copy_from_slice(span);
        }
    }
}

fn span(random: &mut ChaCha8Rng) -> Span {
    let instructions = text(INSTRUCTIONS, SENTENCES.0, random);
    let answer = text(ANSWERS, SENTENCES.1, random);
    // One answer in fifty forgets its closing, and so breaks a rule.
    let closing = if random.random_bool(0.02) { "Goodbye." } else { CLOSING };
    Span {
        trace_id: random.random(),
        own_id: random.random(),
        question: text(QUESTIONS, 1, random),
        instructions,
        answer: format!("{} {answer} {closing}", ANSWERS[0]),
        end_nanos: END_NANOS,
    }
}

fn text(sentences: &[&str], count: usize, random: &mut ChaCha8Rng) -> String {
    let drawn: Vec<&str> =
        (0..count).map(|_| sentences[random.random_range(0..sentences.len())]).collect();
    drawn.join(" ")
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use prost::Message;
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_renewed_batch_differs_in_its_ids_only() {
        let mut random = ChaCha8Rng::from_seed([7; 32]);
        let mut batch = Batch::new(&mut random);
        let before = ExportTraceServiceRequest::decode(batch.body()).unwrap();
        batch.renew(&mut random);
        let mut after = ExportTraceServiceRequest::decode(batch.body()).unwrap();
        let old = &before.resource_spans[0].scope_spans[0].spans;
        let new = &mut after.resource_spans[0].scope_spans[0].spans;
        assert_eq!((old.len(), new.len()), (SPANS, SPANS));
        for (old, new) in old.iter().zip(new) {
            assert_ne!((&old.trace_id, &old.span_id), (&new.trace_id, &new.span_id));
            new.trace_id.clone_from(&old.trace_id);
            new.span_id.clone_from(&old.span_id);
        }
        assert_eq!(before, after);
    }

    #[test]
    fn a_span_has_about_two_thousand_eight_hundred_bytes() {
        let batch = Batch::new(&mut ChaCha8Rng::from_seed([7; 32]));
        let bytes = batch.body().len() / SPANS;
        assert!((2_700..2_900).contains(&bytes), "{bytes}");
    }
}
