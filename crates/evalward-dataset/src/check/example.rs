//! What is checked about one example.

use evalward_core::{Digest, Example, Partition};

use crate::finding::{Finding, FindingCode, Findings};
use crate::json::column_of_string;
use crate::reviews::{Reviews, Tally};
use crate::{Dataset, Located, Place, ReferenceError};

pub(super) fn check_example(
    dataset: &Dataset,
    reviews: &Reviews,
    example: &Located<Example>,
    content: Digest,
    line: &str,
    findings: &mut Findings,
) {
    if example.value.partition == Partition::Golden {
        check_approvals(dataset, reviews, example, content, findings);
    }
    check_failure(example, line, findings);
    check_sources(dataset, example, line, findings);
    check_context(dataset, example, line, findings);
}

fn check_approvals(
    dataset: &Dataset,
    reviews: &Reviews,
    example: &Located<Example>,
    content: Digest,
    findings: &mut Findings,
) {
    let needed = dataset.manifest().review.golden_approvals();
    let tally = reviews.tally(&example.value, content, &dataset.manifest().owners);
    if tally.valid.len() < needed {
        let message = format!(
            "golden example `{}` has {}",
            example.value.id,
            describe_approvals(&tally, needed)
        );
        let hint = approve_hint(dataset, example);
        findings.push(
            Finding::error(FindingCode::MissingApprovals, example.place(), message)
                .about(&example.value.id)
                .with_hint(hint),
        );
    }
}

/// Returns the command by which another owner approves the example.
pub(crate) fn approve_hint(dataset: &Dataset, example: &Located<Example>) -> String {
    format!(
        "an owner who agrees runs `evalward dataset approve {} {} --reviewer NAME`",
        dataset.folder().display(),
        example.value.id
    )
}

/// Says how many approvals count, and why others do not.
pub(crate) fn describe_approvals(tally: &Tally, needed: usize) -> String {
    let valid = tally.valid.len();
    let mut reasons = Vec::new();
    if !tally.outdated.is_empty() {
        let count = tally.outdated.len();
        reasons.push(format!("{count} outdated by an edit"));
    }
    if !tally.strangers.is_empty() {
        let count = tally.strangers.len();
        let who = if count == 1 { "someone who is no owner" } else { "people who are no owners" };
        reasons.push(format!("{count} by {who}"));
    }
    let approvals = format!("{valid} of {needed} approvals");
    if reasons.is_empty() { approvals } else { format!("{approvals} ({})", reasons.join(", ")) }
}

fn check_failure(example: &Located<Example>, line: &str, findings: &mut Findings) {
    let id = &example.value.id;
    let place_of = |field| at(example, column_of_string(line, field));
    let finding = match (&example.value.failure, example.value.partition) {
        (None, Partition::Regression) => Finding::error(
            FindingCode::MissingFailure,
            example.place(),
            format!("regression example `{id}` does not say which failure it guards against"),
        )
        .with_hint(r#"add `"failure": {"root_cause": "..."}`"#),
        (Some(failure), Partition::Regression) if failure.root_cause.trim().is_empty() => {
            Finding::error(
                FindingCode::EmptyRootCause,
                place_of("failure"),
                format!("regression example `{id}` has no root cause"),
            )
            .with_hint(
                "say why the failure happened, so that the next reader knows what is guarded",
            )
        }
        (Some(_), partition) if partition != Partition::Regression => Finding::warning(
            FindingCode::UnexpectedFailure,
            place_of("failure"),
            format!(
                "{partition} example `{id}` has a failure, which only regression examples have"
            ),
        )
        .with_hint("move the example to `regression.jsonl`"),
        _ => return,
    };
    findings.push(finding.about(id));
}

fn check_sources(
    dataset: &Dataset,
    example: &Located<Example>,
    line: &str,
    findings: &mut Findings,
) {
    for source in &example.value.sources {
        let problem = match dataset.documents.hash(&source.path) {
            Ok(hash) if hash == source.hash => continue,
            Ok(_) => "has changed since".to_owned(),
            Err(error) => describe(&error),
        };
        let message = format!(
            "the expectation of `{}` rests on `{}`, which {problem}",
            example.value.id, source.path
        );
        let place = at(example, column_of_string(line, &source.path));
        findings.push(
            Finding::warning(FindingCode::StaleExpectation, place, message)
                .about(&example.value.id)
                .with_hint(
                    "read the source again, correct the expectation, then run \
                     `evalward dataset check --fix --update-sources`",
                ),
        );
    }
}

fn check_context(
    dataset: &Dataset,
    example: &Located<Example>,
    line: &str,
    findings: &mut Findings,
) {
    for document in &example.value.context {
        let Some(reference) = &document.reference else { continue };
        let Err(error) = dataset.documents.text(reference) else { continue };
        let message = format!(
            "the context of `{}` names `{reference}`, which {}",
            example.value.id,
            describe(&error)
        );
        let place = at(example, column_of_string(line, reference));
        findings.push(
            Finding::error(FindingCode::UnresolvedContext, place, message)
                .about(&example.value.id)
                .with_hint("paths are relative to `documents_root` of `dataset.toml`"),
        );
    }
}

fn describe(error: &ReferenceError) -> String {
    match error {
        ReferenceError::Escapes { .. } => "leads out of the documents' root".to_owned(),
        ReferenceError::Unreadable { source, .. }
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            "does not exist".to_owned()
        }
        ReferenceError::Unreadable { source, .. } => format!("cannot be read: {source}"),
    }
}

fn at(example: &Located<Example>, column: u64) -> Place {
    Place::new(&*example.path, example.line, column)
}
