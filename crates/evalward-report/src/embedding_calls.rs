//! The table of what embedding models behind an API were asked for, and what that took.

use evalward_gate::Summary;

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::overall::Titled;
use crate::text::one_line;

/// Returns the table; nothing where no such model was asked.
pub(crate) fn table(summary: &Summary) -> Option<Titled> {
    let rows: Vec<Vec<String>> = summary
        .embeddings
        .iter()
        .map(|(metric, calls)| {
            vec![
                one_line(metric),
                one_line(&calls.model),
                calls.texts.to_string(),
                calls.cached.to_string(),
                calls.requests.to_string(),
                calls.input_tokens.map_or_else(|| NONE.to_owned(), |it| it.to_string()),
            ]
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let mut note = "texts from the cache or from a recording take nothing now".to_owned();
    let uncounted: u64 = summary.embeddings.values().map(|calls| calls.uncounted).sum();
    if uncounted > 0 {
        let requests = number::count(uncounted, "request");
        note = format!("{note}; the server did not tell the tokens of {requests}");
    }
    let columns = ["metric", "model", "texts", "cached", "requests", "tokens in"];
    Some(Titled {
        title: "calls of embedding models".to_owned(),
        grid: Some(Grid::new(2, &columns, rows)),
        note: Some(note),
    })
}
