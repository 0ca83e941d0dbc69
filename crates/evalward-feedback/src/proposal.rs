//! The example that a pattern proposes.

use evalward_core::{Document, Example, ExampleId, Failure, Origin, OriginKind, Partition};
use evalward_store::{NewCandidate, Sample};

use crate::fingerprint::candidate_id;
use crate::privacy::findings_in;

/// The tag of examples that come from production.
const TAG: &str = "production";

/// Makes the candidate of a pattern from one of its samples, without an expectation, which a reviewer adds.
///
/// Texts that still have personal data or secrets are left out, and a warning says so.
pub(crate) fn propose(
    sample: &Sample,
    pattern: &str,
    metric: &str,
    rule: Option<&str>,
) -> NewCandidate {
    let interaction = &sample.interaction;
    let mut example = Example::with_id(example_id(pattern, metric, rule), Partition::Regression);
    example.created_at = Some(sample.received_at);
    example.tags.push(TAG.to_owned());
    example.metadata.insert("pattern".to_owned(), pattern.into());
    let origin = Origin { kind: OriginKind::Interaction, id: interaction.id.to_string() };
    let failure = Failure {
        root_cause: String::new(),
        observed_output: None,
        origin: Some(origin),
        fixed_at: None,
    };
    example.failure = Some(failure.clone());
    let mut warnings = Vec::new();

    let mut full = example.clone();
    full.input.clone_from(&interaction.input);
    if let Some(response) = &interaction.response {
        full.context = response.context.iter().filter_map(as_grounding).collect();
        let observed_output = Some(response.output.clone());
        full.failure = Some(Failure { observed_output, ..failure.clone() });
    }
    let findings = findings_in(&full);
    if findings.is_empty() {
        example = full;
    } else {
        if !findings_in(&example).is_empty() {
            // The sender's id of the interaction itself names somebody.
            example.failure = Some(Failure { origin: None, ..failure.clone() });
        }
        warnings.push(format!(
            "the texts are left out, since they still have personal data or secrets ({})",
            findings.join(", ")
        ));
    }
    if let Some(reason) = &interaction.withheld {
        warnings.push(format!("the texts were not stored: {reason}"));
    }
    NewCandidate { id: candidate_id(pattern), example, warnings }
}

/// Returns the document as an example may have it: its path becomes a mere id, since the dataset may not have the file.
fn as_grounding(document: &Document) -> Option<Document> {
    let id = document.id.clone().or_else(|| document.reference.clone());
    let text = document.text.clone();
    (id.is_some() || text.is_some()).then_some(Document { id, reference: None, text, score: None })
}

/// Returns `regression-<metric>-<rule>-<8 digits of the pattern>`.
fn example_id(pattern: &str, metric: &str, rule: Option<&str>) -> ExampleId {
    let digits: String = pattern.chars().rev().take_while(|digit| *digit != '-').collect();
    let digits: String = digits.chars().rev().take(8).collect();
    let parts =
        [Some(metric), rule].into_iter().flatten().map(slug).filter(|part| !part.is_empty());
    let name: Vec<String> = parts.collect();
    let text = if name.is_empty() {
        format!("regression-{digits}")
    } else {
        format!("regression-{}-{digits}", name.join("-"))
    };
    ExampleId::new(text).expect("the parts are short and of letters, digits, `_` and `-`")
}

/// Returns the text in lower case with everything but letters, digits and `_` as `-`, cut to a length that fits an id.
fn slug(text: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() || letter == '_' {
            letter.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let slug: String = text.chars().map(letter).take(40).collect();
    slug.trim_matches('-').to_owned()
}
