//! The one pass over all partition files.

use std::collections::BTreeMap;

use evalward_core::{Digest, Example, Partition};

use super::example::check_example;
use super::privacy::check_privacy;
use super::{CheckOptions, folder};
use crate::dataset::Examples;
use crate::finding::{Finding, FindingCode, Findings};
use crate::fingerprint::{Fingerprints, SortedFingerprints, fingerprint};
use crate::reviews::Reviews;
use crate::{Dataset, DatasetError, Located, Place};

/// What the pass learned.
pub(super) struct Pass {
    pub(super) ids: SortedFingerprints,
    pub(super) counts: BTreeMap<Partition, u64>,
    pub(super) hash: Option<Digest>,
}

pub(super) fn run(
    dataset: &Dataset,
    options: &CheckOptions,
    findings: &mut Findings,
    visit: &mut dyn FnMut(&Located<Example>),
) -> Result<Pass, DatasetError> {
    let reviews = Reviews::read(dataset, |error| {
        findings.push(Finding::from_malformed(error)?);
        Ok(())
    })?;
    let mut walk = Walk {
        dataset,
        options,
        reviews,
        findings,
        ids: Fingerprints::default(),
        counts: BTreeMap::new(),
        unread: Partition::ALL.into_iter(),
        open: None,
        is_readable: true,
    };
    let mut failure = None;
    let hash = Digest::chain(std::iter::from_fn(|| {
        walk.next_content(visit).unwrap_or_else(|error| {
            failure = Some(error);
            None
        })
    }));
    let hash = walk.is_readable.then_some(hash);
    failure.map_or(Ok(Pass { ids: walk.ids.sorted(), counts: walk.counts, hash }), Err)
}

/// The state of the pass between two examples.
struct Walk<'a> {
    dataset: &'a Dataset,
    options: &'a CheckOptions,
    reviews: Reviews,
    findings: &'a mut Findings,
    ids: Fingerprints,
    counts: BTreeMap<Partition, u64>,
    unread: std::array::IntoIter<Partition, 4>,
    open: Option<OpenFile>,
    is_readable: bool,
}

/// The partition file that is being read.
struct OpenFile {
    partition: Partition,
    examples: Examples,
    count: u64,
    malformed: u64,
    /// The lines that are not as `fix` would write them.
    odd_lines: u64,
    first_odd_line: u64,
}

impl Walk<'_> {
    /// Checks the next readable example and returns the hash of its content.
    fn next_content(
        &mut self,
        visit: &mut dyn FnMut(&Located<Example>),
    ) -> Result<Option<Digest>, DatasetError> {
        loop {
            let Some(mut file) = self.open.take().or_else(|| self.open_next()) else {
                return Ok(None);
            };
            match file.examples.next() {
                None => self.close(&file),
                Some(Ok(example)) => {
                    let content = self.check(&mut file, &example);
                    visit(&example);
                    self.open = Some(file);
                    return Ok(Some(content));
                }
                Some(Err(error)) => {
                    self.findings.push(Finding::from_malformed(error)?);
                    self.is_readable = false;
                    file.malformed += 1;
                    self.open = Some(file);
                }
            }
        }
    }

    fn open_next(&mut self) -> Option<OpenFile> {
        let partition = self.unread.next()?;
        let examples = self.dataset.examples(partition);
        Some(OpenFile {
            partition,
            examples,
            count: 0,
            malformed: 0,
            odd_lines: 0,
            first_odd_line: 0,
        })
    }

    fn check(&mut self, file: &mut OpenFile, example: &Located<Example>) -> Digest {
        file.count += 1;
        self.ids.push(fingerprint(example.value.id.as_str()));
        let content = example.value.content_hash();
        let Some(lines) = file.examples.lines() else { return content };
        check_example(self.dataset, &self.reviews, example, content, lines.text(), self.findings);
        if self.options.privacy {
            check_privacy(example, lines.text(), self.findings);
        }
        if !lines.line_is_tidy() || lines.text() != example.value.to_line() {
            if file.odd_lines == 0 {
                file.first_odd_line = example.line;
            }
            file.odd_lines += 1;
        }
        content
    }

    fn close(&mut self, file: &OpenFile) {
        let Some(lines) = file.examples.lines() else { return };
        self.counts.insert(file.partition, file.count);
        let place = |line| Place::new(&**lines.path(), line, 1);
        if file.count + file.malformed == 0 {
            let message = format!("partition `{}` has a file without an example", file.partition);
            let finding = Finding::error(FindingCode::EmptyPartition, place(1), message)
                .with_hint("add examples, or delete the file");
            self.findings.push(finding);
            return;
        }
        folder::check_size(file.partition, file.count, place(1), self.findings);
        let message = match (file.odd_lines, lines.end_is_tidy()) {
            (0, true) => return,
            (0, false) => "the file does not end with exactly one line end".to_owned(),
            (1, _) => "1 line is not in canonical form".to_owned(),
            (count, _) => format!("{count} lines are not in canonical form, the first is this"),
        };
        let line = if file.odd_lines == 0 { lines.number() } else { file.first_odd_line };
        self.findings.push(
            Finding::warning(FindingCode::NotCanonical, place(line.max(1)), message)
                .with_hint("rewrite the file with `evalward dataset check --fix`"),
        );
    }
}
