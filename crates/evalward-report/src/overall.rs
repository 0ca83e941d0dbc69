//! The tables of figures over a whole partition: labels with their confusion matrix, corpus scores.

use std::collections::BTreeMap;

use evalward_core::Partition;
use evalward_gate::{
    ClassificationSummary, ConfusionCell, CorpusScore, Figure, Overall, Resampling, Summary,
};

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::text::{append, one_line, shorten};

/// The number of labels up to which the whole confusion matrix is shown.
const MATRIX_LABELS: usize = 8;
/// How many confusions stand in for a matrix that is too large.
const LISTED_CONFUSIONS: usize = 10;
/// How much of a label is shown.
const LABEL_CHARACTERS: usize = 40;
/// What stands for outputs that are no label.
const NO_LABEL: &str = "(no label)";

/// A table with its title and what to know about it.
#[derive(Debug)]
pub(crate) struct Titled {
    pub(crate) title: String,
    pub(crate) grid: Option<Grid>,
    pub(crate) note: Option<String>,
}

/// Returns the tables of each metric that has figures over a whole partition.
pub(crate) fn tables(summary: &Summary) -> Vec<Titled> {
    let mut by_metric: BTreeMap<&str, Vec<(Partition, &Overall)>> = BTreeMap::new();
    for (partition, part) in &summary.partitions {
        for (id, metric) in &part.metrics {
            if let Some(overall) = &metric.overall {
                by_metric.entry(id).or_default().push((*partition, overall));
            }
        }
    }
    by_metric.into_iter().flat_map(|(id, partitions)| of_metric(id, &partitions)).collect()
}

fn of_metric(id: &str, partitions: &[(Partition, &Overall)]) -> Vec<Titled> {
    let id = one_line(id);
    let mut labels = Vec::new();
    let mut corpora = Vec::new();
    let mut tables = Vec::new();
    for (partition, overall) in partitions {
        match overall {
            Overall::Classification(it) => labels.push((*partition, it.as_ref())),
            Overall::CorpusBleu(it) => corpora.push((*partition, "BLEU", it)),
            Overall::CorpusChrf(it) => corpora.push((*partition, "chrF", it)),
            Overall::Unstated(reason) => tables.push(Titled {
                title: format!("{id}, {partition}: no figures over the partition"),
                grid: None,
                note: Some(one_line(reason)),
            }),
        }
    }
    if !corpora.is_empty() {
        tables.push(corpus_table(&id, &corpora));
    }
    if !labels.is_empty() {
        tables.push(label_table(&id, &labels));
        tables.extend(labels.iter().map(|(partition, it)| confusion_table(&id, *partition, it)));
    }
    tables
}

/// Figures by row, partitions by column.
fn label_table(id: &str, partitions: &[(Partition, &ClassificationSummary)]) -> Titled {
    type Cell = fn(&ClassificationSummary) -> String;
    let rows: [(&str, Cell); 9] = [
        ("n", |it| it.n.to_string()),
        ("no label", |it| it.without_label.to_string()),
        ("accuracy", |it| number::rate(&it.accuracy)),
        ("balanced accuracy", |it| share(it.balanced_accuracy)),
        ("macro F1", |it| share(it.by_label.f1)),
        ("micro F1", |it| share(it.by_score.f1)),
        ("weighted F1", |it| share(it.by_support.f1)),
        ("Cohen's kappa", |it| it.kappa.map_or_else(|| NONE.to_owned(), coefficient)),
        ("Matthews' coefficient", |it| coefficient(it.mcc)),
    ];
    let rows = rows.iter().map(|(name, cell)| {
        let cells = partitions.iter().map(|(_, it)| cell(it));
        std::iter::once((*name).to_owned()).chain(cells).collect()
    });
    let names: Vec<&str> = partitions.iter().map(|(partition, _)| partition.name()).collect();
    let header: Vec<&str> = std::iter::once("labels").chain(names).collect();
    let mut note = "intervals at 95 %: of the accuracy as of pass rates".to_owned();
    let resampling = partitions.iter().find_map(|(_, it)| it.resampling.as_ref());
    if let Some(how) = resampling {
        append(&mut note, format_args!(", of the others by {}", method(how)));
    }
    Titled {
        title: id.to_owned(),
        grid: Some(Grid::new(1, &header, rows.collect())),
        note: Some(note),
    }
}

fn corpus_table(id: &str, corpora: &[(Partition, &str, &CorpusScore)]) -> Titled {
    let row = |(partition, name, it): &(Partition, &str, &CorpusScore)| {
        vec![partition.to_string(), format!("corpus {name}"), it.n.to_string(), points(it.score)]
    };
    let how = corpora.iter().find_map(|(_, _, it)| it.resampling.as_ref());
    Titled {
        title: id.to_owned(),
        grid: Some(Grid::new(
            2,
            &["partition", "figure", "n", "score"],
            corpora.iter().map(row).collect(),
        )),
        note: how.map(|how| format!("intervals at 95 %, by {}", method(how))),
    }
}

fn method(how: &Resampling) -> String {
    let name = match how.method.as_str() {
        "multinomial-bootstrap" => "a multinomial bootstrap",
        "poisson-bootstrap" => "a Poisson bootstrap",
        other => other,
    };
    format!("{} of {name}, seed {}", number::count(how.draws.into(), "draw"), how.seed)
}

/// Draws the whole matrix where it is small, else lists the most frequent confusions.
fn confusion_table(id: &str, partition: Partition, it: &ClassificationSummary) -> Titled {
    let title = |what: &str| format!("{id}, {partition}: {what}");
    if it.labels.len() <= MATRIX_LABELS {
        let title = title("right label by row, given label by column");
        return Titled { title, grid: Some(matrix(it)), note: None };
    }
    let wrong = |cell: &&ConfusionCell| cell.predicted.as_ref() != Some(&cell.expected);
    let mut confusions: Vec<&ConfusionCell> = it.confusion.iter().filter(wrong).collect();
    confusions.sort_by_key(|cell| std::cmp::Reverse(cell.count));
    let different = u64::try_from(confusions.len()).unwrap_or(u64::MAX);
    if different == 0 {
        return Titled { title: title("no label was confused"), grid: None, note: None };
    }
    let row = |cell: &ConfusionCell| {
        vec![shown(&cell.expected), given(cell.predicted.as_deref()), cell.count.to_string()]
    };
    let rows = confusions.into_iter().take(LISTED_CONFUSIONS).map(row).collect();
    Titled {
        title: title("most frequent confusions"),
        grid: Some(Grid::new(2, &["right", "given", "times"], rows)),
        note: Some(format!(
            "{} between {} labels; all of them are in the JSON report",
            number::count(different, "different confusion"),
            it.labels.len()
        )),
    }
}

fn matrix(it: &ClassificationSummary) -> Grid {
    let mut counts: BTreeMap<(&str, Option<&str>), u64> = BTreeMap::new();
    for cell in &it.confusion {
        counts.insert((&cell.expected, cell.predicted.as_deref()), cell.count);
    }
    let labels = || it.labels.iter().map(|label| label.label.as_str());
    let mut columns: Vec<Option<&str>> = labels().map(Some).collect();
    if it.without_label > 0 {
        columns.push(None);
    }
    let row = |label: &str| {
        let mut row = vec![shown(label)];
        let count = |column| counts.get(&(label, column)).copied().unwrap_or(0);
        row.extend(columns.iter().map(|column| count(*column).to_string()));
        row
    };
    let header: Vec<String> = columns.iter().map(|column| given(*column)).collect();
    let header: Vec<&str> = std::iter::once("").chain(header.iter().map(String::as_str)).collect();
    Grid::new(1, &header, labels().map(row).collect())
}

fn shown(label: &str) -> String {
    shorten(&one_line(label), LABEL_CHARACTERS).into_owned()
}

fn given(label: Option<&str>) -> String {
    label.map_or_else(|| NO_LABEL.to_owned(), shown)
}

/// Writes a share as `96.7 % [88.6, 99.1]`.
fn share(figure: Figure) -> String {
    let percent = number::percent(figure.value);
    with_interval(&percent, figure, |value| format!("{:.1}", value * 100.0))
}

fn coefficient(figure: Figure) -> String {
    with_interval(&format!("{:.3}", figure.value.get()), figure, |value| format!("{value:.3}"))
}

fn points(figure: Figure) -> String {
    with_interval(&format!("{:.1}", figure.value.get()), figure, |value| format!("{value:.1}"))
}

fn with_interval(value: &str, figure: Figure, write: fn(f64) -> String) -> String {
    match (figure.low, figure.high) {
        (Some(low), Some(high)) => format!("{value} [{}, {}]", write(low.get()), write(high.get())),
        _ => format!("{value} [no interval]"),
    }
}
