//! What repeats say about how steady the answers are.

use evalward_core::Partition;
use evalward_gate::{Estimate, RepeatSummary, Summary};

use crate::grid::Grid;
use crate::number;
use crate::overall::Titled;

/// Writes one line for each partition whose examples were tried several times.
pub(crate) fn lines(summary: &Summary) -> Vec<String> {
    let line = |(partition, repeats): (Partition, &RepeatSummary)| {
        let k = repeats.k;
        let left_out = match repeats.left_out {
            0 => String::new(),
            count => format!(
                "; {} left out, because not all trials were evaluated",
                number::count(count, "example")
            ),
        };
        format!(
            "{partition}: {k} trials of {}: pass@{k} {}, pass^{k} {}, flaky {}{left_out}",
            number::count(repeats.pass_at_k.n, "example"),
            number::rate(&repeats.pass_at_k),
            number::rate(&repeats.pass_hat_k),
            number::rate(&repeats.flaky),
        )
    };
    of_partitions(summary).map(line).collect()
}

/// Returns what each number of trials would show; nothing without repeats.
pub(crate) fn table(summary: &Summary) -> Option<Titled> {
    let mut rows = Vec::new();
    for (partition, repeats) in of_partitions(summary) {
        let mut push = |k: String, at: &Estimate, hat: &Estimate| {
            rows.push(vec![partition.to_string(), k, number::rate(at), number::rate(hat)]);
        };
        for fewer in &repeats.fewer {
            push(fewer.k.to_string(), &fewer.pass_at_k, &fewer.pass_hat_k);
        }
        push(repeats.k.to_string(), &repeats.pass_at_k, &repeats.pass_hat_k);
    }
    let note = "pass@k: at least one of k trials passes, pass^k: all of them do; for fewer trials than were made, over all choices among them";
    (!rows.is_empty()).then(|| Titled {
        title: "trials".to_owned(),
        grid: Some(Grid::new(1, &["partition", "k", "pass@k", "pass^k"], rows)),
        note: Some(note.to_owned()),
    })
}

fn of_partitions(summary: &Summary) -> impl Iterator<Item = (Partition, &RepeatSummary)> {
    let partitions = summary.partitions.iter();
    partitions.filter_map(|(partition, part)| Some((*partition, part.repeats.as_ref()?)))
}
