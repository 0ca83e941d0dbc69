//! Whether protected examples were removed, moved or changed since a revision, and who agreed.

use std::collections::{BTreeMap, BTreeSet};

use evalward_core::{Digest, Example, ExampleId, Partition};

use crate::check::{approve_hint, describe_approvals};
use crate::diff::{Fields, changed_fields, fields_of};
use crate::finding::{Finding, FindingCode, Findings};
use crate::manifest::{FILE_NAME, ReviewPolicy};
use crate::reviews::Reviews;
use crate::revision::Checkout;
use crate::suggest::quoted_list;
use crate::{BaseRevision, CheckReport, Dataset, DatasetError, Located, Place};

/// The fields that do not belong to the content that reviewers approve.
const OUTSIDE_CONTENT: [&str; 3] = ["created_at", "failure", "reviews"];

/// Reports every golden or regression example that was removed, moved to another partition or changed since a revision
/// without the approvals that an addition needs.
///
/// A golden example needs `golden_approvals` distinct owners on its new content, a regression example, added ones too,
/// `regression_approvals`. For a removal or a move as many must have recorded `remove` for the content that goes. Where
/// the two revisions ask for different numbers, the larger holds. If the folder did not exist then, everything is new,
/// which is a warning.
///
/// # Errors
/// [`DatasetError::Git`] without git, without a repository or for an unknown revision, [`DatasetError::Io`] if a file
/// cannot be read.
pub fn check_against(
    dataset: &Dataset,
    base: &BaseRevision,
    max_findings: u64,
) -> Result<CheckReport, DatasetError> {
    let mut findings = Findings::with_limit(max_findings);
    let checkout = base.checkout(dataset)?;
    let mut policy = dataset.manifest().review;
    let mut protected = BTreeMap::new();
    if let Some(checkout) = &checkout {
        policy = check_policy(dataset, checkout, base, &mut findings);
        protected = read_protected(checkout, &mut findings)?;
    } else {
        let place = Place::new(dataset.shown(FILE_NAME), 1, 1);
        let message = format!("the dataset was not there at `{}`; nothing to compare", base.name());
        findings.push(Finding::warning(FindingCode::NewDataset, place, message));
    }
    // Lines that cannot be read are findings of `check`; here they only count for nothing.
    let reviews = Reviews::read(dataset, |_| Ok(()))?;
    let mut comparison = Comparison { dataset, base, policy, reviews, findings };
    let mut seen = BTreeSet::new();
    let mut counts = BTreeMap::new();
    for example in dataset.all_examples() {
        let example = match example {
            Ok(example) => example,
            Err(DatasetError::Malformed { .. }) => continue,
            Err(error) => return Err(error),
        };
        *counts.entry(example.value.partition).or_default() += 1;
        let before = protected.get(&example.value.id);
        if before.is_some() {
            seen.insert(example.value.id.clone());
        }
        comparison.compare(before, &example);
    }
    for (id, before) in &protected {
        if !seen.contains(id) {
            comparison.check_removal(id, before);
        }
    }
    Ok(comparison.findings.into_report(counts, None))
}

/// An example that guards, as it was at the revision.
struct Protected {
    partition: Partition,
    content: Digest,
    fields: Fields,
    place: Place,
}

fn read_protected(
    checkout: &Checkout,
    findings: &mut Findings,
) -> Result<BTreeMap<ExampleId, Protected>, DatasetError> {
    let mut protected = BTreeMap::new();
    for partition in [Partition::Golden, Partition::Regression] {
        for example in checkout.dataset.examples(partition) {
            match example {
                Ok(example) => {
                    let place = example.place();
                    let example = example.value;
                    let (content, fields) = (example.content_hash(), fields_of(&example));
                    let before = Protected { partition, content, fields, place };
                    protected.insert(example.id, before);
                }
                Err(error) => {
                    let finding = Finding::from_malformed(error)?;
                    let message =
                        format!("not compared, as it cannot be read: {}", finding.message);
                    let code = FindingCode::MalformedLine;
                    findings.push(Finding::warning(code, finding.place, message));
                }
            }
        }
    }
    Ok(protected)
}

/// Returns the stricter of the two policies, and reports where the present one asks for less.
fn check_policy(
    dataset: &Dataset,
    checkout: &Checkout,
    base: &BaseRevision,
    findings: &mut Findings,
) -> ReviewPolicy {
    let (before, now) = (checkout.dataset.manifest().review, dataset.manifest().review);
    let stricter = before.stricter(now);
    if stricter != now {
        let place = Place::new(dataset.shown(FILE_NAME), 1, 1);
        let message =
            format!("the review policy asks for fewer approvals than at `{}`", base.name());
        findings.push(
            Finding::warning(FindingCode::LoosenedReviewPolicy, place, message)
                .with_hint("this comparison still asks for as many as then"),
        );
    }
    stricter
}

/// The comparison of one example after the other.
struct Comparison<'a> {
    dataset: &'a Dataset,
    base: &'a BaseRevision,
    policy: ReviewPolicy,
    reviews: Reviews,
    findings: Findings,
}

impl Comparison<'_> {
    fn needed(&self, partition: Partition) -> usize {
        match partition {
            Partition::Golden => self.policy.golden_approvals(),
            Partition::Regression | Partition::Adversarial | Partition::Distribution => {
                self.policy.regression_approvals()
            }
        }
    }

    fn compare(&mut self, before: Option<&Protected>, example: &Located<Example>) {
        let partition = example.value.partition;
        match before {
            Some(before) if before.partition == partition => self.check_change(before, example),
            Some(before) => {
                self.check_move(before, example);
                self.check_addition(example);
            }
            None => self.check_addition(example),
        }
    }

    /// Golden additions are not looked at here: `check` asks for the approvals of every golden example.
    fn check_addition(&mut self, example: &Located<Example>) {
        if example.value.partition == Partition::Regression {
            let message = format!("regression example `{}` is new", example.value.id);
            let content = example.value.content_hash();
            self.require_approvals(FindingCode::UnapprovedAddition, example, content, &message);
        }
    }

    fn check_change(&mut self, before: &Protected, example: &Located<Example>) {
        let content = example.value.content_hash();
        if content == before.content {
            return;
        }
        let mut fields = changed_fields(&before.fields, &fields_of(&example.value));
        fields.retain(|field| !OUTSIDE_CONTENT.contains(&field.as_str()));
        let message = format!(
            "{} example `{}` has another {} than at `{}`",
            before.partition,
            example.value.id,
            quoted_list(&fields),
            self.base.name()
        );
        self.require_approvals(FindingCode::ChangedExample, example, content, &message);
    }

    fn require_approvals(
        &mut self,
        code: FindingCode,
        example: &Located<Example>,
        content: Digest,
        message: &str,
    ) {
        let needed = self.needed(example.value.partition);
        let owners = &self.dataset.manifest().owners;
        let tally = self.reviews.tally(&example.value, content, owners);
        if tally.valid.len() < needed {
            let message = format!("{message} and has {}", describe_approvals(&tally, needed));
            self.findings.push(
                Finding::error(code, example.place(), message)
                    .about(&example.value.id)
                    .with_hint(approve_hint(self.dataset, example)),
            );
        }
    }

    fn check_move(&mut self, before: &Protected, example: &Located<Example>) {
        let id = &example.value.id;
        let message = format!(
            "{} example `{id}` moved to `{}` since `{}`",
            before.partition,
            example.value.partition,
            self.base.name()
        );
        let finding = Finding::error(FindingCode::MovedExample, example.place(), message);
        self.require_removers(id, before, finding);
    }

    fn check_removal(&mut self, id: &ExampleId, before: &Protected) {
        let message =
            format!("{} example `{id}` was removed since `{}`", before.partition, self.base.name());
        let finding = Finding::error(FindingCode::RemovedExample, before.place.clone(), message);
        self.require_removers(id, before, finding);
    }

    fn require_removers(&mut self, id: &ExampleId, before: &Protected, mut finding: Finding) {
        let needed = self.needed(before.partition);
        let owners = &self.dataset.manifest().owners;
        let removers = self.reviews.removers(id, before.content, owners).len();
        if removers < needed {
            finding.message =
                format!("{}, which {removers} of {needed} owners agreed to", finding.message);
            let hint = format!(
                "put it back, or an owner who agrees runs `evalward dataset approve {} {id} --remove \
                 --against {} --reviewer NAME`",
                self.dataset.folder().display(),
                self.base.name()
            );
            self.findings.push(finding.about(id).with_hint(hint));
        }
    }
}
