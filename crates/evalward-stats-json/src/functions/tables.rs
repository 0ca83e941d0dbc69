//! Counts, and corrections for many tests.

use evalward_stats::comparison::{self, Corrected, Correction, PairedTable};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Function;
use crate::failure::Failure;
use crate::input::{Numbers, level, read, write};

pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("chi_square", chi_square),
    ("mcnemar", mcnemar),
    ("multiple_testing", multiple_testing),
    ("sign_test", sign_test),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignInput {
    positive: u64,
    negative: u64,
    #[serde(default = "one_half")]
    p0: f64,
}

fn one_half() -> f64 {
    0.5
}

fn sign_test(input: Value) -> Result<Value, Failure> {
    let SignInput { positive, negative, p0 } = read(input)?;
    write(&comparison::sign_test(positive, negative, p0)?)
}

/// Either p-values or e-values.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ManyInput {
    p: Option<Numbers>,
    e: Option<Numbers>,
    alpha: f64,
}

#[derive(Serialize)]
struct ManyResult {
    bonferroni: Corrected,
    sidak: Corrected,
    holm: Corrected,
    hochberg: Corrected,
    hommel: Corrected,
    bh: Corrected,
    by: Corrected,
}

#[derive(Serialize)]
struct EbhResult {
    ebh_reject: Vec<bool>,
}

fn multiple_testing(input: Value) -> Result<Value, Failure> {
    match read(input)? {
        ManyInput { p: Some(Numbers(p)), e: None, alpha } => {
            let correct = |correction| comparison::correct(&p, alpha, correction);
            write(&ManyResult {
                bonferroni: correct(Correction::Bonferroni)?,
                sidak: correct(Correction::Sidak)?,
                holm: correct(Correction::Holm)?,
                hochberg: correct(Correction::Hochberg)?,
                hommel: correct(Correction::Hommel)?,
                bh: correct(Correction::Bh)?,
                by: correct(Correction::By)?,
            })
        }
        ManyInput { p: None, e: Some(Numbers(e)), alpha } => {
            write(&EbhResult { ebh_reject: comparison::e_bh(&e, alpha)? })
        }
        _ => Err(Failure::BadRequest("give either `p` or `e`".to_owned())),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct McNemarInput {
    a: u64,
    b: u64,
    c: u64,
    d: u64,
    conf: f64,
}

fn mcnemar(input: Value) -> Result<Value, Failure> {
    let McNemarInput { a, b, c, d, conf } = read(input)?;
    let table = PairedTable { both: a, worsened: b, improved: c, neither: d };
    write(&comparison::mcnemar(&table, level(conf)?)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum ChiSquareKind {
    Table,
    Gof,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChiSquareInput {
    kind: ChiSquareKind,
    table: Option<Vec<Numbers>>,
    observed: Option<Numbers>,
    expected: Option<Numbers>,
}

fn chi_square(input: Value) -> Result<Value, Failure> {
    let ChiSquareInput { kind, table, observed, expected } = read(input)?;
    match (kind, table, observed, expected) {
        (ChiSquareKind::Table, Some(table), None, None) => {
            let table: Vec<Vec<f64>> = table.into_iter().map(|row| row.0).collect();
            write(&comparison::chi_square_independence(&table)?)
        }
        (ChiSquareKind::Gof, None, Some(observed), Some(expected)) => {
            write(&comparison::chi_square_fit(&observed.0, &expected.0)?)
        }
        _ => Err(Failure::BadRequest(
            "give `table` for `table`, `observed` and `expected` for `gof`".to_owned(),
        )),
    }
}
