//! All facts of a text.

use super::claims::Claims;
use super::fact::Fact;
use super::{amounts, dates, links, names, negations};

/// Finds what a text states, in the order of the text; no part of it belongs to two facts.
///
/// The time is linear in the length of the text, but for a logarithm.
///
/// ```
/// use evalward_metrics::facts::{FactKind, facts};
///
/// let found = facts("It costs $49.00 until 3 May 2026.");
/// let values: Vec<_> = found.iter().map(|fact| (fact.kind, fact.value.as_str())).collect();
/// assert_eq!(values, [(FactKind::Price, "49 USD"), (FactKind::Date, "2026-05-03")]);
/// ```
pub fn facts(text: &str) -> Vec<Fact> {
    let mut claims = Claims::default();
    let mut found = Vec::new();
    links::find(text, &mut claims, &mut found);
    dates::find(text, &mut claims, &mut found);
    amounts::find(text, &mut claims, &mut found);
    negations::find(text, &mut claims, &mut found);
    names::find(text, &mut claims, &mut found);
    found.sort_by_key(|fact| fact.span.start);
    found
}
