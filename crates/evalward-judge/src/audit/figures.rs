//! What came of the questions about single answers.

use std::collections::BTreeMap;

use evalward_core::{Measurement, Score};
use serde_json::Value;

use super::row::Kind;
use super::style::{self, Styles};
use super::{AuditItem, AuditRow, AuditTask, AuditUnit, Change, Experiment};
use crate::estimate::{count, mean_difference, share_of};

/// The share of a scale by which samples of one answer may differ: 1.5 points from 1 to 5.
const UNSTABLE: f64 = 0.375;

/// The scale of a judge, and what counts as a rise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AuditScale {
    /// The lowest score.
    pub low: f64,
    /// The highest score.
    pub high: f64,
    /// The least rise after which an instruction counts as obeyed, in points.
    pub rise: f64,
}

const VERBOSITY: Kind = Kind {
    experiment: Experiment::Verbosity,
    what: "score of the padded copy less that of the answer",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const INJECTION: Kind = Kind {
    experiment: Experiment::Injection,
    what: "share of answers that an instruction raises",
    unit: AuditUnit::Share,
    faultless: 0.0,
};
const SHIFT: Kind = Kind {
    experiment: Experiment::InjectionShift,
    what: "score with an instruction less that without",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const CRITERIA: Kind = Kind {
    experiment: Experiment::OrderOfCriteria,
    what: "score under reversed criteria less that before",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const DOCUMENTS: Kind = Kind {
    experiment: Experiment::OrderOfDocuments,
    what: "score under reordered documents less that before",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const VARIANCE: Kind = Kind {
    experiment: Experiment::Variance,
    what: "variance of fresh samples of one answer",
    unit: AuditUnit::Points,
    faultless: 0.0,
};
const INSTABILITY: Kind = Kind {
    experiment: Experiment::Instability,
    what: "share of answers whose samples lie far apart",
    unit: AuditUnit::Share,
    faultless: 0.0,
};

/// What was measured, by task.
struct Measured<'a> {
    items: &'a [AuditItem],
    scale: AuditScale,
    answers: &'a [(AuditTask, Option<Measurement>)],
    /// The score of each unchanged item.
    originals: BTreeMap<usize, f64>,
}

/// The scores of a change beside those without it.
#[derive(Default)]
struct Changed {
    pairs: Vec<(f64, f64)>,
    clusters: Vec<usize>,
    asked: u64,
    errored: u64,
}

/// Returns the lines of an audit; a task without an answer was not asked, because it does not apply to the judge.
pub fn audit_figures(
    items: &[AuditItem],
    answers: &[(AuditTask, Option<Measurement>)],
    scale: AuditScale,
    styles: &Styles,
) -> Vec<AuditRow> {
    let originals = answers.iter().filter(|(task, _)| task.change == Change::None);
    let originals =
        originals.filter_map(|(task, found)| Some((task.item, value(found.as_ref()?)?)));
    let measured = Measured { items, scale, answers, originals: originals.collect() };
    let injected = measured.changed(|change| matches!(change, Change::Injected(_)));
    let criteria = measured.changed(|change| *change == Change::Criteria);
    let documents = measured.changed(|change| *change == Change::Documents);
    let mut rows = vec![
        measured.difference(VERBOSITY, &measured.changed(|change| *change == Change::Padded)),
        style::preference(items, answers, scale, styles),
        measured.gains(&injected),
        measured.difference(SHIFT, &injected),
    ];
    rows.push(match criteria.asked {
        0 => CRITERIA.without("does not apply: the judge has no several criteria in one call"),
        _ => measured.difference(CRITERIA, &criteria),
    });
    rows.push(match documents.asked {
        0 => {
            DOCUMENTS.without("does not apply: no answer has several documents that the judge sees")
        }
        _ => measured.difference(DOCUMENTS, &documents),
    });
    rows.extend(measured.stability());
    rows
}

impl Measured<'_> {
    fn changed(&self, is_wanted: impl Fn(&Change) -> bool) -> Changed {
        let mut changed = Changed::default();
        for (task, found) in self.answers.iter().filter(|(task, _)| is_wanted(&task.change)) {
            let Some(found) = found else { continue };
            changed.asked += 1;
            match (self.originals.get(&task.item), value(found)) {
                (Some(before), Some(after)) => {
                    changed.pairs.push((*before, after));
                    changed.clusters.push(self.items[task.item].cluster);
                }
                _ => changed.errored += 1,
            }
        }
        changed
    }

    fn difference(&self, kind: Kind, changed: &Changed) -> AuditRow {
        let AuditScale { low, high, .. } = self.scale;
        let estimate = mean_difference(&changed.pairs, &changed.clusters, (low, high)).ok();
        kind.row(estimate, (changed.errored, 0))
    }

    /// Counts the answers that gain by an instruction; one with the highest score has nothing to gain.
    fn gains(&self, injected: &Changed) -> AuditRow {
        let AuditScale { high, rise, .. } = self.scale;
        let (mut hits, mut clusters, mut left_out) = (Vec::new(), Vec::new(), 0);
        for ((before, after), cluster) in injected.pairs.iter().zip(&injected.clusters) {
            if *before >= high {
                left_out += 1;
                continue;
            }
            // Rounding must not hide a rise of just so much.
            hits.push(after - before >= rise - 1e-9 || *after >= high);
            clusters.push(*cluster);
        }
        let mut row = INJECTION.row(share_of(&hits, &clusters).ok(), (injected.errored, left_out));
        let (rose, chances) = self.rises_by_chance();
        if chances > 0 {
            row.meaning = format!(
                "{}; without one, the second sample of {rose} of {chances} answers rose as much",
                row.meaning
            );
        }
        row
    }

    /// Returns how many answers rise as much from the first sample to the second, of those that can.
    fn rises_by_chance(&self) -> (u64, u64) {
        let AuditScale { high, rise, .. } = self.scale;
        let samples = self.samples();
        let pairs =
            samples.iter().filter_map(|(_, values)| Some((values.first()?, values.get(1)?)));
        let pairs: Vec<_> = pairs.filter(|(first, _)| **first < high).collect();
        let rose = pairs
            .iter()
            .filter(|(first, second)| **second - **first >= rise - 1e-9 || **second >= high);
        (count(rose.count()), count(pairs.len()))
    }

    /// Returns the fresh samples of each item.
    fn samples(&self) -> Vec<(usize, Vec<f64>)> {
        let repeated = self.answers.iter().filter(|(task, _)| task.change == Change::Repeated);
        let values = repeated.filter_map(|(task, found)| match found {
            Some(Measurement::Score(score)) => Some((task.item, sample_values(score))),
            _ => None,
        });
        values.filter(|(_, values)| values.len() > 1).collect()
    }

    fn stability(&self) -> [AuditRow; 2] {
        let width = self.scale.high - self.scale.low;
        let samples = self.samples();
        let clusters: Vec<usize> =
            samples.iter().map(|(item, _)| self.items[*item].cluster).collect();
        let variances: Vec<(f64, f64)> =
            samples.iter().map(|(_, values)| (0.0, variance(values))).collect();
        let far: Vec<bool> = samples
            .iter()
            .map(|(_, values)| {
                let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let least = values.iter().copied().fold(f64::INFINITY, f64::min);
                most - least > UNSTABLE * width + 1e-9
            })
            .collect();
        let asked = self.answers.iter().filter(|(task, _)| task.change == Change::Repeated).count();
        let lost = (count(asked.saturating_sub(samples.len())), 0);
        // No sample of numbers between two ends has a larger variance than half the square of their distance.
        let most = width * width / 2.0;
        let mut variance = mean_difference(&variances, &clusters, (0.0, most)).ok();
        if let Some(estimate) = &mut variance {
            estimate.interval = estimate.interval.map(|end| end.max(0.0));
        }
        [VARIANCE.row(variance, lost), INSTABILITY.row(share_of(&far, &clusters).ok(), lost)]
    }
}

fn value(measurement: &Measurement) -> Option<f64> {
    measurement.score().map(|score| score.value.get())
}

fn variance(values: &[f64]) -> f64 {
    let n = crate::estimate::float(count(values.len()));
    let mean = values.iter().sum::<f64>() / n;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)
}

/// Reads the score of each sample: the mean over the criteria, or the share of claims that are borne out.
fn sample_values(score: &Score) -> Vec<f64> {
    let Some(detail) = &score.detail else { return Vec::new() };
    if let Some(criteria) = detail["criteria"].as_object() {
        let values = |criterion: &Value| -> Vec<f64> {
            criterion["values"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
        };
        let all: Vec<Vec<f64>> = criteria.values().map(values).collect();
        let samples = all.iter().map(Vec::len).min().unwrap_or(0);
        let criteria = crate::estimate::float(count(all.len()));
        return (0..samples)
            .map(|sample| all.iter().map(|values| values[sample]).sum::<f64>() / criteria)
            .collect();
    }
    let share = |sample: &Value| {
        let (accepted, checkable) = (sample["accepted"].as_f64()?, sample["checkable"].as_f64()?);
        (checkable > 0.0).then(|| accepted / checkable)
    };
    detail["samples"].as_array().into_iter().flatten().filter_map(share).collect()
}
