//! The comparison of two samples of scores.

use std::collections::BTreeMap;

use evalward_stats::StatsError;
use evalward_stats::verdict::{
    Comparison, Design, Direction, ScoreRange, compare_paired, compare_unpaired,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::fields;
use crate::failure::Failure;
use crate::input::{Numbers, read};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    #[serde(default = "yes")]
    paired: bool,
    baseline: Numbers,
    candidate: Numbers,
    #[serde(default)]
    cluster: Option<Vec<Value>>,
    #[serde(default = "usual_alpha")]
    alpha: f64,
    margin: f64,
    scale: Scale,
    #[serde(default)]
    direction: Better,
    #[serde(default = "usual_power")]
    target_power: f64,
}

fn yes() -> bool {
    true
}

fn usual_alpha() -> f64 {
    0.05
}

fn usual_power() -> f64 {
    0.8
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scale {
    kind: Kind,
    #[serde(default)]
    lo: Option<f64>,
    #[serde(default)]
    hi: Option<f64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Ordinal,
    Binary,
    Bounded,
    Real,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Better {
    #[default]
    HigherIsBetter,
    LowerIsBetter,
}

/// Compares; what cannot be compared is `invalid`, which never passes.
pub(super) fn compare(request: Value) -> Result<Map<String, Value>, Failure> {
    match read(request).and_then(|request| compared(&request)) {
        Ok(comparison) => fields(&comparison),
        Err(failure) => Ok(Map::from_iter([
            ("verdict".to_owned(), json!("invalid")),
            ("non_inferior".to_owned(), json!(false)),
            ("error".to_owned(), failure.to_json()),
        ])),
    }
}

fn compared(request: &Request) -> Result<Comparison, Failure> {
    let clusters = request.cluster.as_deref().map(numbered).transpose()?;
    if clusters.is_some() && !request.paired {
        let text = "`cluster` belongs to pairs: give `paired` as true, or no `cluster`";
        return Err(Failure::BadRequest(text.to_owned()));
    }
    let compare = |range| {
        let design = Design {
            alpha: request.alpha,
            margin: request.margin,
            range,
            direction: match request.direction {
                Better::HigherIsBetter => Direction::HigherIsBetter,
                Better::LowerIsBetter => Direction::LowerIsBetter,
            },
            target_power: request.target_power,
        };
        let (baseline, candidate) = (&request.baseline.0, &request.candidate.0);
        if request.paired {
            compare_paired(baseline, candidate, clusters.as_deref(), &design)
        } else {
            compare_unpaired(baseline, candidate, &design)
        }
    };
    let ends = request.scale.lo.zip(request.scale.hi);
    let (low, high) = match (request.scale.kind, ends) {
        (Kind::Binary, None | Some((0.0, 1.0))) => return Ok(compare(ScoreRange::Binary)?),
        (Kind::Binary, Some(_)) => {
            let text = "a `binary` scale goes from 0 to 1";
            return Err(Failure::BadRequest(text.to_owned()));
        }
        (Kind::Real, None) => return Ok(compare(ScoreRange::Real)?),
        (_, Some(ends)) => ends,
        (_, None) => {
            let text = "the `scale` needs `lo` and `hi`";
            return Err(Failure::BadRequest(text.to_owned()));
        }
    };
    let outcome = match request.scale.kind {
        Kind::Ordinal => compare(ScoreRange::Ordinal { low, high }),
        Kind::Binary | Kind::Bounded => compare(ScoreRange::Bounded { low, high }),
        // Real scores need their ends only where no variance is seen.
        Kind::Real => match compare(ScoreRange::Real) {
            Err(StatsError::Degenerate { .. }) => compare(ScoreRange::Bounded { low, high }),
            outcome => outcome,
        },
    };
    Ok(outcome?)
}

/// Numbers the clusters by their labels.
fn numbered(labels: &[Value]) -> Result<Vec<usize>, Failure> {
    let mut known = BTreeMap::new();
    labels
        .iter()
        .map(|label| match label {
            Value::String(_) | Value::Number(_) | Value::Bool(_) => {
                let next = known.len();
                Ok(*known.entry(label.to_string()).or_insert(next))
            }
            other => Err(Failure::BadRequest(format!("`{other}` is no label of a cluster"))),
        })
        .collect()
}
