//! Runs over a part of the examples, which are no points of one line with the others.

use crate::number;
use crate::text::one_line;

use super::HistoryRun;

/// Returns what a run was limited to, in words; nothing where it evaluated all examples of its partitions.
pub(super) fn part(run: &HistoryRun) -> Option<String> {
    let selection = &run.manifest.selection;
    let mut words = Vec::new();
    if let Some(earlier) = &selection.only_failed {
        words.push(format!("only what failed in {earlier}"));
    }
    if !selection.ids.is_empty() {
        let count = u64::try_from(selection.ids.len()).unwrap_or(u64::MAX);
        words.push(format!("only {}", number::count(count, "named example")));
    }
    if !selection.tags.is_empty() {
        let tags: Vec<String> = selection.tags.iter().map(|tag| one_line(tag)).collect();
        words.push(format!("only tag {}", tags.join(" or ")));
    }
    if let Some(sample) = selection.sample {
        words.push(format!("a sample of {}", sample.n));
    }
    if let Some(shard) = selection.shard {
        words.push(format!("shard {shard}"));
    }
    let unfinished = run.summary().map_or(0, |summary| summary.counts.unfinished);
    if unfinished > 0 {
        words.push(format!("stopped before {}", number::count(unfinished, "example")));
    }
    (!words.is_empty()).then(|| words.join(", "))
}
