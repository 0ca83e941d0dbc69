//! The changed versions of an answer.

use evalward_core::{Digest, Example, ProbeKind, Reply, Seed};

use super::ProbeOptions;
use crate::perturb::{Place, inject, injections, pad, plant_wrong_fact, reorder};
use crate::prompt::Material;

/// A changed version of an answer.
pub(super) struct Variant {
    pub(super) kind: ProbeKind,
    pub(super) change: String,
    pub(super) example: Example,
    pub(super) reply: Reply,
}

/// Changes an answer in each way that it can be changed in.
pub(super) fn variants(example: &Example, reply: &Reply, options: &ProbeOptions) -> Vec<Variant> {
    let seed = options.seed.derive(example.id.as_str());
    let with_output = |kind, change: String, output: String| {
        let mut reply = reply.clone();
        reply.response.output = output;
        Variant { kind, change, example: example.clone(), reply }
    };
    let output = reply.response.output.as_str();
    let mut found = Vec::new();
    if let Some((id, text, place)) = injection(seed) {
        let output = inject(output, text, place);
        found.push(with_output(ProbeKind::Injected, format!("{id} ({place:?})"), output));
    }
    let padded = pad(output, seed);
    found.push(with_output(ProbeKind::Padded, "twice as long".to_owned(), padded));
    if options.sees_context {
        found.extend(reordered(example, reply, seed));
    }
    let material = Material::of(example, reply);
    let grounds = [&material.input, &material.context, &material.reference];
    let grounds: Vec<&str> = grounds.into_iter().flatten().map(String::as_str).collect();
    if let Some(planted) = plant_wrong_fact(output, &grounds, seed) {
        let change = format!("“{}” became “{}”", planted.was, planted.is);
        found.push(with_output(ProbeKind::WrongFact, change, planted.answer));
    }
    found
}

fn injection(seed: Seed) -> Option<(&'static str, &'static str, Place)> {
    let all = injections();
    let pick = |label: &str, of: usize| {
        let number = seed.derive(label).number() >> 33;
        usize::try_from(number).unwrap_or_default().checked_rem(of)
    };
    let injection = all.get(pick("injection", all.len())?)?;
    let place = Place::ALL.get(pick("place", Place::ALL.len())?)?;
    Some((&injection.id, &injection.text, *place))
}

/// Puts the documents that the judge sees into another order.
fn reordered(example: &Example, reply: &Reply, seed: Seed) -> Option<Variant> {
    let (mut example, mut reply) = (example.clone(), reply.clone());
    let is_given = example.context.iter().any(|document| document.text.is_some());
    let documents = if is_given { &mut example.context } else { &mut reply.response.context };
    *documents = reorder(documents, seed)?;
    let change = format!("{} documents", documents.len());
    Some(Variant { kind: ProbeKind::Reordered, change, example, reply })
}

/// Returns a number by which examples are chosen.
pub(super) fn rank(example: &str, seed: Seed) -> Digest {
    Digest::of(&seed.derive(example).bytes())
}
