//! The one walk over the rows that the reports for people make.

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

use evalward_core::{Outcome, Partition, Trial};

use crate::causes::Causes;
use crate::{ReportError, Run};

/// How failing examples are written.
pub(crate) struct Blocks<'a> {
    /// Writes the heading of a partition.
    pub(crate) heading: &'a dyn Fn(Partition) -> String,
    /// Writes one failing example.
    pub(crate) block: &'a dyn Fn(&Trial) -> String,
    /// How much is written; everything where there is none.
    pub(crate) limit: Option<Limit>,
}

/// How many failing examples are written, and how large they may be together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub(crate) examples: usize,
    pub(crate) bytes: usize,
}

/// What the walk leaves to tell.
#[derive(Debug, Default)]
pub(crate) struct Rest {
    /// Failing examples beyond the limit.
    pub(crate) left_out: u64,
    /// The bytes written.
    pub(crate) bytes: usize,
    pub(crate) errored: Causes,
    pub(crate) skipped: Causes,
}

/// Failing examples of a partition, already rendered.
#[derive(Debug, Default)]
struct Shelf {
    blocks: Vec<String>,
    bytes: usize,
    left_out: u64,
}

/// Writes the failing examples by partition and gathers the causes of the rest.
///
/// Rows that come from a run which was cut short are in no order, so up to a limit's worth of each partition is kept. Without
/// a limit each example is written as it comes.
pub(crate) fn write_failing<E>(
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    blocks: &Blocks<'_>,
    out: &mut dyn Write,
) -> Result<Rest, ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut rest = Rest::default();
    let mut shelves: BTreeMap<Partition, Shelf> = BTreeMap::new();
    let mut current = None;
    for trial in trials {
        let trial = run.row(trial)?;
        match (&trial.outcome, blocks.limit) {
            (Outcome::Passed, _) => {}
            (Outcome::Errored(cause), _) => rest.errored.add(cause, &trial.example_id),
            (Outcome::Skipped(reason), _) => rest.skipped.add(reason, &trial.example_id),
            (Outcome::Failed(_), Some(limit)) => {
                shelves.entry(trial.partition).or_default().keep(&trial, blocks, limit);
            }
            (Outcome::Failed(_), None) => {
                if current.replace(trial.partition) != Some(trial.partition) {
                    out.write_all((blocks.heading)(trial.partition).as_bytes())?;
                }
                out.write_all((blocks.block)(&trial).as_bytes())?;
            }
        }
    }
    if let Some(limit) = blocks.limit {
        write_shelves(shelves, blocks, limit, &mut rest, out)?;
    }
    Ok(rest)
}

impl Shelf {
    fn keep(&mut self, trial: &Trial, blocks: &Blocks<'_>, limit: Limit) {
        if self.blocks.len() < limit.examples && self.bytes < limit.bytes {
            let block = (blocks.block)(trial);
            self.bytes += block.len();
            self.blocks.push(block);
        } else {
            self.left_out += 1;
        }
    }
}

fn write_shelves(
    shelves: BTreeMap<Partition, Shelf>,
    blocks: &Blocks<'_>,
    limit: Limit,
    rest: &mut Rest,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let mut examples = 0;
    for (partition, shelf) in shelves {
        rest.left_out += shelf.left_out;
        let mut heading = (blocks.heading)(partition);
        for block in shelf.blocks {
            let bytes = rest.bytes + heading.len() + block.len();
            if examples == limit.examples || bytes > limit.bytes {
                rest.left_out += 1;
                continue;
            }
            out.write_all(heading.as_bytes())?;
            out.write_all(block.as_bytes())?;
            heading.clear();
            rest.bytes = bytes;
            examples += 1;
        }
    }
    Ok(())
}
