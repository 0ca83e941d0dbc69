//! What repeats say about how steady the answers are.

use evalward_gate::Summary;

use crate::number;

/// Writes one line for each partition whose examples were tried several times.
pub(crate) fn lines(summary: &Summary) -> Vec<String> {
    let of_partition = summary.partitions.iter();
    of_partition
        .filter_map(|(partition, part)| {
            let repeats = part.repeats.as_ref()?;
            let k = repeats.k;
            Some(format!(
                "{partition}: {k} trials of {}: pass@{k} {}, pass^{k} {}, flaky {}",
                number::count(repeats.pass_at_k.n, "example"),
                number::rate(&repeats.pass_at_k),
                number::rate(&repeats.pass_hat_k),
                number::rate(&repeats.flaky),
            ))
        })
        .collect()
}
