//! What `evalward dataset generate` says of what it made.

use std::collections::BTreeMap;

use evalward_core::{Partition, visible};
use evalward_dataset::{DropReason, DroppedParaphrase, Generated};
use serde::Serialize;

use super::GenerateArgs;
use crate::commands::dataset::{JSON_VERSION, by_partition, counted, print_json};
use crate::context::Context;
use crate::error::CliError;

/// How many dropped paraphrases are shown.
const SHOWN: usize = 5;

/// What `--format json` writes.
#[derive(Serialize)]
struct Output<'a> {
    version: u32,
    dataset: String,
    written: bool,
    added: &'a BTreeMap<Partition, u64>,
    present: u64,
    missing: u64,
    near_duplicates: u64,
    dropped: &'a [DroppedParaphrase],
}

pub(super) fn as_json(
    args: &GenerateArgs,
    generated: &Generated,
    context: &mut Context,
) -> Result<(), CliError> {
    let output = Output {
        version: JSON_VERSION,
        dataset: args.dataset.display().to_string(),
        written: !args.dry_run,
        added: &generated.added,
        present: generated.present,
        missing: generated.missing,
        near_duplicates: generated.near_duplicates,
        dropped: &generated.dropped,
    };
    print_json(&output, context)
}

pub(super) fn as_text(
    args: &GenerateArgs,
    generated: &Generated,
    context: &mut Context,
) -> Result<(), CliError> {
    let made = by_partition(&generated.added);
    if args.dry_run {
        for example in &generated.examples {
            writeln!(context.out(), "{}", visible(&example.to_line()))?;
        }
        context.note(&format!("would add {made}; nothing was written"));
    } else {
        writeln!(context.out(), "{}: added {made}", args.dataset.display())?;
    }
    if generated.present > 0 {
        let present = counted(generated.present, "example");
        context.note(&format!("the dataset has {present} of the recipe already"));
    }
    note_dropped(&generated.dropped, context);
    if generated.missing > 0 {
        let missing = counted(generated.missing, "example");
        context.note(&format!(
            "{missing} fewer than the recipe asks for: slots, families, texts and models give no more"
        ));
    }
    if generated.near_duplicates > 0 {
        let repeated = counted(generated.near_duplicates, "example");
        context.note(&format!("left out {repeated} whose input is nearly that of another"));
    }
    Ok(())
}

fn note_dropped(dropped: &[DroppedParaphrase], context: &mut Context) {
    if dropped.is_empty() {
        return;
    }
    let mut counts: BTreeMap<DropReason, u64> = BTreeMap::new();
    for paraphrase in dropped {
        *counts.entry(paraphrase.reason).or_default() += 1;
    }
    let reasons: Vec<String> = counts.iter().map(|(reason, count)| reason.told(*count)).collect();
    let total = counted(counts.values().sum(), "paraphrase");
    context.note(&format!("dropped {total}: {}", reasons.join(", ")));
    for paraphrase in dropped.iter().take(SHOWN) {
        context.note(&format!("  {paraphrase}"));
    }
    if let Some(more) = dropped.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        context.note(&format!("  and {more} more; `--format json` lists all"));
    }
}
