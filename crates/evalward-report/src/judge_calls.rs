//! The table of what judges were asked for, and what that took.

use evalward_core::{AnsweringModel, JudgeCalls};
use evalward_gate::Summary;

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::overall::Titled;
use crate::text::one_line;

/// The most models that are named for each judge.
const NAMED: usize = 5;

/// Returns the table; nothing where no judge was asked.
pub(crate) fn table(summary: &Summary) -> Option<Titled> {
    let mut rows = Vec::new();
    let mut notes = Vec::new();
    let of_rows = summary.judges.iter().map(|(metric, calls)| (one_line(metric), calls));
    let of_canaries = summary
        .canary_calls
        .iter()
        .map(|(metric, calls)| (format!("{}, frozen answers", one_line(metric)), calls));
    for (name, calls) in of_rows.chain(of_canaries) {
        rows.push(row(&name, calls));
        notes.push(format!("{name}: answered by {}", models(&calls.models)));
    }
    if rows.is_empty() {
        return None;
    }
    let columns =
        ["metric", "judge", "version", "answers", "cached", "tokens in", "tokens out", "cost"];
    let mut note =
        "apart from what the subject took; answers from the cache take nothing now".to_owned();
    let uncounted: u64 = summary
        .judges
        .values()
        .chain(summary.canary_calls.values())
        .map(|calls| calls.uncounted)
        .sum();
    if uncounted > 0 {
        let answers = number::count(uncounted, "answer");
        note = format!("{note}; the server did not tell the tokens of {answers}");
    }
    for line in notes {
        note = format!("{note}\n{line}");
    }
    let title = "calls of judges".to_owned();
    Some(Titled { title, grid: Some(Grid::new(3, &columns, rows)), note: Some(note) })
}

fn row(name: &str, calls: &JudgeCalls) -> Vec<String> {
    let tokens = |count: Option<u64>| count.map_or_else(|| NONE.to_owned(), |it| it.to_string());
    vec![
        name.to_owned(),
        one_line(&calls.judge),
        one_line(&calls.version),
        calls.answers.to_string(),
        calls.cached.to_string(),
        tokens(calls.input_tokens),
        tokens(calls.output_tokens),
        calls.cost_usd.map_or_else(|| NONE.to_owned(), number::dollars),
    ]
}

/// Names models with the number of their answers: `qwen2.5 (fp-1) 12 times`.
fn models(models: &[AnsweringModel]) -> String {
    let mut by_answers: Vec<&AnsweringModel> = models.iter().collect();
    by_answers.sort_by_key(|it| std::cmp::Reverse(it.answers));
    let mut words: Vec<String> = by_answers
        .iter()
        .take(NAMED)
        .map(|it| {
            let name =
                it.model.as_deref().map_or_else(|| "a model without a name".into(), one_line);
            let fingerprint = it.fingerprint.as_deref().map(|it| format!(" ({})", one_line(it)));
            format!(
                "{name}{} {}",
                fingerprint.unwrap_or_default(),
                number::count(it.answers, "time")
            )
        })
        .collect();
    if models.len() > NAMED {
        words.push(format!("{} others", models.len() - NAMED));
    }
    words.join(", ")
}
