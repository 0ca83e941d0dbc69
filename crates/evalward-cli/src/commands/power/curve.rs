//! The power over the number of examples, drawn.

use std::collections::BTreeSet;
use std::path::Path;

use evalward_report::plot::{PowerPlot, power_curve};

use super::assumed::power;
use super::{PowerArgs, number};
use crate::commands::report::write_page;
use crate::context::Context;
use crate::error::CliError;

/// What is drawn.
pub(super) struct Curve<'a> {
    pub(super) what: &'a str,
    pub(super) sd: f64,
    pub(super) margin: Option<f64>,
    pub(super) now: Option<u64>,
    pub(super) needed: Option<u64>,
}

/// Draws the power to find a loss of the margin.
pub(super) fn draw(
    path: &Path,
    args: &PowerArgs,
    curve: &Curve<'_>,
    context: &mut Context,
) -> Result<(), CliError> {
    let Some(margin) = curve.margin else {
        return Err(CliError::input("`--plot` draws the power to find a loss, and none is named")
            .with_hint("give it by `--margin`"));
    };
    let far = curve.now.into_iter().chain(curve.needed).max().unwrap_or(100).saturating_mul(2);
    let steps = (0..=60).map(|step| scaled(far.clamp(20, 1_000_000), f64::from(step) / 60.0));
    let sizes: BTreeSet<u64> =
        steps.chain(curve.now).chain(curve.needed).filter(|n| *n >= 2).collect();
    let mut points = Vec::new();
    for n in sizes {
        let found = power(margin, curve.sd, n, args.alpha).map_err(CliError::failed_to)?;
        points.push((n, found));
    }
    let plot = PowerPlot {
        title: &format!("a loss of {} of {}", number(margin), curve.what),
        points: &points,
        target: args.power,
        now: curve.now,
        needed: curve.needed,
    };
    write_page(path, power_curve(&plot).as_bytes())?;
    context.note(&format!("wrote {}", path.display()));
    Ok(())
}

/// Returns the number of examples at a share of the axis, from 2, in equal factors.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "numbers of examples from 2 to a million"
)]
fn scaled(far: u64, share: f64) -> u64 {
    (2.0 * (far as f64 / 2.0).powf(share)).round() as u64
}
