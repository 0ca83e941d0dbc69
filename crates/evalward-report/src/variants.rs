//! The runs of a suite's variants side by side.

use std::collections::BTreeSet;
use std::io::Write;

use evalward_core::{Partition, RunManifest};
use evalward_gate::compare::{
    ComparePolicy, ComparisonVerdict, MetricComparison, MetricRole, VariantPair,
};
use evalward_gate::{Decision, PartitionSummary, Summary};
use serde_json::{Value, json};

use crate::grid::Grid;
use crate::markdown_text::{inline, table};
use crate::number::{self, NONE};
use crate::paint::Paint;
use crate::text::{append, one_line};
use crate::{Options, ReportError, words};

/// The version of the JSON document of variants.
pub const VARIANTS_FORMAT: u32 = 1;

/// A run of the suite or of one of its variants.
#[derive(Clone, Copy, Debug)]
pub struct VariantRun<'a> {
    /// `base` for the suite itself, else the variant's name.
    pub name: &'a str,
    /// What the run was made of.
    pub manifest: &'a RunManifest,
    /// What it came to.
    pub summary: &'a Summary,
}

/// A variant that could not be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// The variant.
    pub name: String,
    /// Why.
    pub problem: String,
}

/// Everything that a run of a suite with variants comes to.
#[derive(Clone, Copy, Debug)]
pub struct Variants<'a> {
    /// The runs, that of the suite itself first.
    pub runs: &'a [VariantRun<'a>],
    /// The variants that could not be run.
    pub not_run: &'a [NotRun],
    /// The comparisons.
    pub pairs: &'a [VariantPair],
}

impl Variants<'_> {
    /// Writes the runs for a person at a terminal.
    ///
    /// # Errors
    /// [`ReportError`] if the report cannot be written.
    pub fn terminal(&self, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
        let paint = Paint { color: options.color };
        let Some(first) = self.runs.first() else { return Ok(()) };
        let title = format!("{} ({})", first.manifest.suite.name, first.manifest.suite.tier);
        writeln!(out, "{}", paint.bold(&one_line(&title)))?;
        for run in self.runs {
            writeln!(
                out,
                "  {:12}  {}  {}",
                run.name,
                run.manifest.run_id,
                one_line(&words::subject(run.manifest))
            )?;
        }
        writeln!(out, "  {:12}  {}", "dataset", one_line(&words::dataset(first.manifest)))?;
        write!(out, "\n{}", self.columns().draw(paint))?;
        for run in self.runs {
            writeln!(out, "\n{}", paint.bold(&format!("gates of {}", run.name)))?;
            for gate in &run.summary.gates {
                let (mark, word) = words::gate_status(gate.status);
                let message = one_line(&gate.message);
                writeln!(out, "  {mark} {word:12}  {:12}  {message}", gate.partition)?;
            }
        }
        self.write_pairs(paint, out)?;
        for variant in self.not_run {
            let line = format!("{} was not run: {}", variant.name, one_line(&variant.problem));
            writeln!(out, "\n{}", paint.red(&line))?;
        }
        let summary = first.summary;
        let advice = format!("base: {} (exit {})", one_line(&summary.advice), summary.exit_code);
        writeln!(out, "\n{}", paint.bold(&advice))?;
        Ok(())
    }

    fn write_pairs(&self, paint: Paint, out: &mut dyn Write) -> Result<(), ReportError> {
        if let Some(grid) = self.comparisons() {
            write!(out, "\n{}\n{}", paint.bold("compared in pairs"), grid.draw(paint))?;
            writeln!(out, "{}", paint.dim(&self.note()))?;
        }
        for line in self.uncompared() {
            writeln!(out, "\n{}", one_line(&line))?;
        }
        Ok(())
    }

    /// Writes the runs as Markdown for pull requests.
    ///
    /// # Errors
    /// [`ReportError`] if the report cannot be written.
    pub fn markdown(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        let Some(first) = self.runs.first() else { return Ok(()) };
        let mut text = format!(
            "**{}**: {} ({}) with {}\n\n{}",
            words::decision(first.summary.decision),
            inline(&first.manifest.suite.name),
            inline(&first.manifest.suite.tier),
            number::count(
                u64::try_from(self.runs.len() + self.not_run.len()).unwrap_or(u64::MAX) - 1,
                "variant"
            ),
            table(&self.columns()),
        );
        if let Some(grid) = self.comparisons() {
            append(&mut text, format_args!("\n**Compared in pairs**\n\n{}", table(&grid)));
            append(&mut text, format_args!("\n<sub>{}</sub>\n", inline(&self.note())));
        }
        for line in self.uncompared() {
            append(&mut text, format_args!("\n{}\n", inline(&line)));
        }
        for variant in self.not_run {
            let problem = inline(&variant.problem);
            append(&mut text, format_args!("\n{} was not run: {problem}\n", variant.name));
        }
        let summary = first.summary;
        append(
            &mut text,
            format_args!("\nbase: {} (exit {})\n", inline(&summary.advice), summary.exit_code),
        );
        out.write_all(text.as_bytes())?;
        Ok(())
    }

    /// Writes the runs as one JSON object.
    ///
    /// # Errors
    /// [`ReportError`] if the report cannot be written.
    pub fn json(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        let run = |run: &VariantRun<'_>| json!({"variant": run.name, "manifest": run.manifest, "summary": run.summary});
        let not_run =
            |it: &NotRun| json!({"variant": it.name.as_str(), "problem": it.problem.as_str()});
        let document = json!({
            "format": VARIANTS_FORMAT,
            "runs": self.runs.iter().map(run).collect::<Vec<Value>>(),
            "not_run": self.not_run.iter().map(not_run).collect::<Vec<Value>>(),
            "comparisons": self.pairs,
        });
        serde_json::to_writer_pretty(&mut *out, &document)
            .map_err(ReportError::json("variants"))?;
        writeln!(out)?;
        Ok(())
    }

    /// One column for each run: rates, means, latency, tokens and cost.
    fn columns(&self) -> Grid {
        let mut header = vec!["", "partition"];
        header.extend(self.runs.iter().map(|run| run.name));
        let mut rows = Vec::new();
        let partitions: BTreeSet<Partition> =
            self.runs.iter().flat_map(|run| run.summary.partitions.keys().copied()).collect();
        for partition in partitions {
            rows.extend(self.rows_of(partition));
        }
        let mut last = vec!["decision".to_owned(), String::new()];
        last.extend(self.runs.iter().map(|run| decision(run.summary.decision).to_owned()));
        rows.push(last);
        Grid::new(2, &header, rows)
    }

    fn rows_of(&self, partition: Partition) -> Vec<Vec<String>> {
        let parts: Vec<Option<&PartitionSummary>> =
            self.runs.iter().map(|run| run.summary.partitions.get(&partition)).collect();
        let row = |label: &str, cell: &dyn Fn(&PartitionSummary) -> Option<String>| {
            let cells: Vec<Option<String>> = parts.iter().map(|part| part.and_then(cell)).collect();
            cells.iter().any(Option::is_some).then(|| {
                let head = [one_line(label), partition.to_string()];
                head.into_iter()
                    .chain(cells.into_iter().map(|cell| cell.unwrap_or_else(|| NONE.to_owned())))
                    .collect()
            })
        };
        let metrics: BTreeSet<&String> =
            parts.iter().flatten().flat_map(|part| part.metrics.keys()).collect();
        let mut rows = vec![row("pass rate", &|part| part.pass_rate.as_ref().map(number::rate))];
        rows.extend(
            metrics.into_iter().map(|id| {
                row(id, &|part| Some(format!("{:.3}", part.metrics.get(id)?.mean?.get())))
            }),
        );
        rows.extend([
            row("errored", &|part| {
                (part.counts.errored > 0).then(|| part.counts.errored.to_string())
            }),
            row("latency p50", &|part| Some(number::duration(part.latency_millis.as_ref()?.p50))),
            row("latency p95", &|part| Some(number::duration(part.latency_millis.as_ref()?.p95))),
            row("tokens in", &|part| part.input_tokens.map(|it| it.to_string())),
            row("tokens out", &|part| part.output_tokens.map(|it| it.to_string())),
            row("cost", &|part| part.cost_usd.map(number::dollars)),
        ]);
        rows.into_iter().flatten().collect()
    }

    fn comparisons(&self) -> Option<Grid> {
        let header =
            ["pair", "partition", "", "n", "difference", "interval", "p (Holm)", "verdict"];
        let rows: Vec<Vec<String>> = self
            .pairs
            .iter()
            .filter_map(|pair| Some((pair.name(), pair.comparison.as_ref()?)))
            .flat_map(|(name, compared)| {
                let rows = compared.metrics.iter().filter(|it| it.role == MetricRole::Blocking);
                rows.map(move |metric| pair_row(&name, metric)).collect::<Vec<_>>()
            })
            .collect();
        (!rows.is_empty()).then(|| Grid::new(3, &header, rows))
    }

    fn note(&self) -> String {
        let compared = self.pairs.iter().find_map(|pair| pair.comparison.as_ref());
        let alpha = compared.map_or_else(|| "0.05".to_owned(), |it| number::score(it.alpha));
        format!(
            "difference: second - first, positive is better; p: the second is not worse, corrected by Holm over all pairs at {alpha}"
        )
    }

    /// Says of each pair what of it is not compared, and why.
    fn uncompared(&self) -> Vec<String> {
        // What scored nothing anywhere has no row above, either.
        let has_row = |metric: &str| {
            let parts = self.runs.iter().flat_map(|run| run.summary.partitions.values());
            metric == ComparePolicy::PASS_RATE
                || parts.into_iter().any(|part| part.metrics.contains_key(metric))
        };
        let line = |pair: &VariantPair| {
            let left_out: Vec<String> = match (&pair.comparison, &pair.refused) {
                (Some(comparison), _) => {
                    let uncompared = comparison.uncompared.iter().filter(|it| has_row(&it.metric));
                    uncompared.map(|it| format!("{} ({})", name_of(&it.metric), it.cause)).collect()
                }
                (None, refused) => vec![refused.clone().unwrap_or_default()],
            };
            (!left_out.is_empty())
                .then(|| format!("{}: not compared: {}", pair.name(), left_out.join(", ")))
        };
        self.pairs.iter().filter_map(line).collect()
    }
}

/// Writes what is compared as the table does.
fn name_of(metric: &str) -> &str {
    if metric == ComparePolicy::PASS_RATE { "pass rate" } else { metric }
}

fn pair_row(name: &str, metric: &MetricComparison) -> Vec<String> {
    let signed = |value: evalward_core::Finite| format!("{:+.3}", value.get());
    let interval = match (metric.low, metric.high) {
        (Some(low), Some(high)) => format!("[{}, {}]", signed(low), signed(high)),
        _ => NONE.to_owned(),
    };
    let p = metric.p_adjusted.map_or_else(|| NONE.to_owned(), |p| p_value(p.get()));
    vec![
        one_line(name),
        metric.partition.to_string(),
        one_line(&metric.what.to_string()),
        metric.n.to_string(),
        metric.difference.map_or_else(|| NONE.to_owned(), signed),
        interval,
        p,
        verdict(metric.verdict).to_owned(),
    ]
}

const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Holds => "holds",
        Decision::Failed => "failed",
        Decision::Incomplete => "incomplete",
        Decision::Inconclusive => "inconclusive",
        Decision::Deferred => "deferred",
    }
}

const fn verdict(verdict: ComparisonVerdict) -> &'static str {
    match verdict {
        ComparisonVerdict::Regression => "regression",
        ComparisonVerdict::Improvement => "improvement",
        ComparisonVerdict::Equivalent => "equivalent",
        ComparisonVerdict::Trivial => "trivial",
        ComparisonVerdict::Inconclusive => "inconclusive",
        ComparisonVerdict::Invalid => "invalid",
        ComparisonVerdict::Described => "described",
    }
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}
