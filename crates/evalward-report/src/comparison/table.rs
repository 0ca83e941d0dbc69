//! The table of a comparison, for every format that has tables.

use evalward_core::Finite;
use evalward_gate::compare::{
    Flip, MetricComparison, MetricRole, Procedure, RunComparison, SubjectOfMetric,
};

use crate::grid::Grid;
use crate::number::{self, NONE};
use crate::text::one_line;
use crate::words;

/// The comparisons of a role; none where there are none.
pub(crate) fn metrics(comparison: &RunComparison, role: MetricRole) -> Option<Grid> {
    let interval = interval_title(comparison);
    let clustered = comparison.metrics.iter().any(|it| it.clusters < it.n);
    let columns = [
        "verdict",
        "metric",
        "partition",
        if clustered { "n (clusters)" } else { "n" },
        "baseline",
        "candidate",
        "difference",
        &interval,
        "margin",
        "p",
    ];
    let rows: Vec<_> = comparison.metrics.iter().filter(|it| it.role == role).map(row).collect();
    (!rows.is_empty()).then(|| Grid::new(3, &columns, rows))
}

fn row(it: &MetricComparison) -> Vec<String> {
    let amount = Amount::of(it);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
    vec![
        verdict(it),
        one_line(&it.what.to_string()),
        it.partition.to_string(),
        if it.clusters < it.n { format!("{} ({})", it.n, it.clusters) } else { it.n.to_string() },
        or_none(it.baseline_mean.map(|mean| amount.plain(mean))),
        or_none(it.candidate_mean.map(|mean| amount.plain(mean))),
        or_none(it.difference.map(|difference| amount.signed(difference))),
        or_none(interval(it)),
        or_none(it.margin.map(|margin| amount.plain(margin))),
        or_none(it.p_adjusted.or(it.p_regression).map(p_value)),
    ]
}

/// Writes the mark of the status and the verdict: `✗ regression`.
fn verdict(it: &MetricComparison) -> String {
    let (mark, _) = words::gate_status(it.status);
    format!("{mark} {}", words::verdict(it))
}

/// Writes `90 % interval`.
pub(crate) fn interval_title(comparison: &RunComparison) -> String {
    let sides = match comparison.procedure {
        Procedure::Paired => 2.0,
        Procedure::Welch => 1.0,
    };
    let level = Finite::new(1.0 - sides * comparison.alpha.get()).unwrap_or_default();
    format!("{} interval", number::percent(level).replace(".0 %", " %"))
}

/// Writes the interval of a difference in the units of its column.
pub(super) fn interval(it: &MetricComparison) -> Option<String> {
    let amount = Amount::of(it);
    Some(format!("[{}, {}]", amount.signed(it.low?), amount.signed(it.high?)))
}

fn p_value(p: Finite) -> String {
    if p.get() < 0.001 { "<0.001".to_owned() } else { format!("{:.3}", p.get()) }
}

/// Writes a difference with its interval, `-0.208 [-0.301, -0.121]`.
pub(crate) fn interval_text(it: &MetricComparison) -> Option<String> {
    Some(format!("{} {}", Amount::of(it).signed(it.difference?), interval(it)?))
}

/// How the numbers of a row are written: rates in percent, scores as they are.
#[derive(Clone, Copy)]
pub(super) enum Amount {
    Percent,
    Score,
}

impl Amount {
    pub(super) const fn of(it: &MetricComparison) -> Self {
        match it.what {
            SubjectOfMetric::PassRate => Self::Percent,
            SubjectOfMetric::Metric(_) => Self::Score,
        }
    }

    pub(super) fn plain(self, value: Finite) -> String {
        match self {
            Self::Percent => number::percent(value),
            Self::Score => number::amount(value),
        }
    }

    pub(super) fn signed(self, value: Finite) -> String {
        match self {
            Self::Percent => {
                let text = format!("{:+.1} %", value.get() * 100.0);
                if text == "+0.0 %" || text == "-0.0 %" { "0.0 %".to_owned() } else { text }
            }
            Self::Score => number::signed(value),
        }
    }
}

/// The first examples that changed their outcome, with the scores that changed.
pub(crate) fn flips(flips: &[Flip], max: usize) -> Option<Grid> {
    let row = |flip: &Flip| {
        let scores: Vec<String> = flip
            .scores
            .iter()
            .map(|(id, [before, after])| {
                format!("{} {} → {}", one_line(id), number::amount(*before), number::amount(*after))
            })
            .collect();
        vec![
            flip.example_id.to_string(),
            flip.partition.to_string(),
            format!("{} → {}", flip.baseline, flip.candidate),
            scores.join(", "),
        ]
    };
    let rows: Vec<_> = flips.iter().take(max).map(row).collect();
    (!rows.is_empty()).then(|| Grid::new(4, &["example", "partition", "passed", "scores"], rows))
}
