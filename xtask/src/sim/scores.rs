//! Reads the tables of real scores in `examples/statistics`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// A table of scores: one row for each example, one column for each system.
#[derive(Clone, Debug)]
pub(super) struct Scores {
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The scores of two systems on the examples that both answered.
#[derive(Clone, Debug, Default)]
pub(super) struct Pairs {
    pub(super) baseline: Vec<f64>,
    pub(super) candidate: Vec<f64>,
    pub(super) clusters: Option<Vec<usize>>,
}

impl Scores {
    /// Reads a table without quotes.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let mut lines = text.lines();
        let columns = split(lines.next().context("the table has no header")?);
        let rows: Vec<Vec<String>> = lines.map(split).collect();
        ensure!(
            rows.iter().all(|row| row.len() == columns.len()),
            "a row of `{}` is too short or too long",
            path.display()
        );
        Ok(Self { columns, rows })
    }

    fn column(&self, name: &str) -> Result<usize> {
        let index = self.columns.iter().position(|column| column == name);
        index.with_context(|| format!("there is no column `{name}`"))
    }

    /// Returns the scores that each example has in a column: those of all raters, or none.
    pub(super) fn ratings(&self, name: &str) -> Result<Vec<Vec<f64>>> {
        let column = self.column(name)?;
        let parse = |row: &Vec<String>| {
            let scores = row[column].split_whitespace().map(str::parse);
            scores.collect::<Result<Vec<f64>, _>>().context("a score is no number")
        };
        self.rows.iter().map(parse).collect()
    }

    /// Pairs two systems; `cluster` names the column that examples of one cluster share.
    pub(super) fn pairs(
        &self,
        baseline: &str,
        candidate: &str,
        cluster: Option<&str>,
    ) -> Result<Pairs> {
        let (before, after) = (self.ratings(baseline)?, self.ratings(candidate)?);
        let cluster = cluster.map(|name| self.column(name)).transpose()?;
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let mut pairs = Pairs { clusters: cluster.map(|_| Vec::new()), ..Pairs::default() };
        for ((row, before), after) in self.rows.iter().zip(before).zip(after) {
            let (Ok(before), Ok(after)) =
                (evalward_stats::mean(&before), evalward_stats::mean(&after))
            else {
                continue;
            };
            pairs.baseline.push(before);
            pairs.candidate.push(after);
            if let (Some(labels), Some(column)) = (&mut pairs.clusters, cluster) {
                let next = known.len();
                labels.push(*known.entry(row[column].as_str()).or_insert(next));
            }
        }
        Ok(pairs)
    }
}
