//! Planning from assumptions.

use evalward_stats::StatsError;
use evalward_stats::planning::{
    Alternative, RepeatedDesign, TTest, TTestDesign, detectable_difference, needed_examples,
};
use serde::Serialize;

use super::curve::{Curve, draw};
use super::{PowerArgs, number, percent};
use crate::commands::output::{OutputFormat, print_json};
use crate::context::Context;
use crate::error::CliError;

/// The numbers of examples of the table.
const SIZES: [u64; 8] = [20, 50, 100, 200, 500, 1000, 2000, 5000];

/// The numbers of repeats of the table.
const REPEATS: [u32; 5] = [1, 2, 3, 5, 10];

/// What is planned.
#[derive(Serialize)]
struct Plan {
    version: u32,
    margin: Option<f64>,
    sd: f64,
    alpha: f64,
    power: f64,
    /// The number of examples at which the margin is found with the target power.
    n_required: Option<u64>,
    /// What the number of examples that was given finds.
    at_n: Option<Size>,
    sizes: Vec<Size>,
    repeats: Vec<Trials>,
    /// From this number of repeats on less than a tenth of the variance comes from them.
    flat_from: Option<u32>,
}

/// What a number of examples finds.
#[derive(Serialize)]
struct Size {
    n: u64,
    detectable: Option<f64>,
    power_at_margin: Option<f64>,
}

/// What a number of repeats takes.
#[derive(Serialize)]
struct Trials {
    repeats: u32,
    sd: f64,
    n_required: Option<u64>,
    calls: Option<u64>,
}

/// Plans from assumptions and prints the plan.
pub(super) fn run(args: &PowerArgs, context: &mut Context) -> Result<(), CliError> {
    if args.margin.is_none() && args.n.is_none() {
        return Err(CliError::input("nothing says what to plan").with_hint(
            "give the loss to be found (`--margin`), the number of examples (`--n`), or both",
        ));
    }
    let plan = plan(args).map_err(CliError::failed_to)?;
    if let Some(path) = &args.plot {
        let (now, needed) = (args.n.map(Into::into), plan.n_required);
        let curve = Curve { what: "scores", sd: plan.sd, margin: args.margin, now, needed };
        draw(path, args, &curve, context)?;
    }
    match args.format {
        OutputFormat::Json => print_json(&plan, context),
        OutputFormat::Text => print(args, &plan, context),
    }
}

fn plan(args: &PowerArgs) -> Result<Plan, StatsError> {
    let (alpha, target) = (args.alpha, args.power);
    // A pair of outcomes differs by -1, 0 or 1; without a loss the variance of the difference is the share that differs.
    let sd = args.sd.or(args.discordance.map(f64::sqrt)).unwrap_or(1.0);
    let n_required =
        args.margin.map(|margin| needed_examples(margin, sd, alpha, target)).transpose()?.flatten();
    let size = |n: u64| -> Result<Size, StatsError> {
        if n < 2 {
            return Ok(Size { n, detectable: None, power_at_margin: None });
        }
        let detectable = Some(detectable_difference(n, sd, alpha, target)?);
        let power_at_margin = args.margin.map(|margin| power(margin, sd, n, alpha)).transpose()?;
        Ok(Size { n, detectable, power_at_margin })
    };
    let (repeats, flat_from) = repeats(args, sd)?;
    Ok(Plan {
        version: 1,
        margin: args.margin,
        sd,
        alpha,
        power: target,
        n_required,
        at_n: args.n.map(|n| size(n.get())).transpose()?,
        sizes: SIZES.into_iter().map(size).collect::<Result<_, _>>()?,
        repeats,
        flat_from,
    })
}

/// Returns the power of a one-sided paired t test.
pub(super) fn power(margin: f64, sd: f64, n: u64, alpha: f64) -> Result<f64, StatsError> {
    let design = TTestDesign { test: TTest::Paired, alpha, alternative: Alternative::Larger };
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "far below 2^53")]
    let n = n as f64;
    design.power(margin / sd, n)
}

fn repeats(args: &PowerArgs, sd: f64) -> Result<(Vec<Trials>, Option<u32>), StatsError> {
    let Some(within) = args.repeats_sd.map(|sd| sd * sd) else { return Ok((Vec::new(), None)) };
    let between = sd * sd - 2.0 * within;
    if between < 0.0 {
        return Err(StatsError::OutOfDomain {
            argument: "--repeats-sd",
            value: within.sqrt(),
            expected: "at most `--sd` divided by 1.414, since both answers of a pair vary",
        });
    }
    let design = |repeats: u32| RepeatedDesign {
        between,
        within_a: within,
        within_b: within,
        repeats_a: f64::from(repeats),
        repeats_b: f64::from(repeats),
        design_effect: 1.0,
        alpha: args.alpha,
        alternative: Alternative::Larger,
    };
    let row = |repeats: u32| -> Result<Trials, StatsError> {
        let sd = (between + 2.0 * within / f64::from(repeats)).sqrt();
        // The exact number for small samples; Miller's approximation is the same for large ones.
        let n_required = match args.margin {
            None => None,
            Some(margin) => design(repeats)
                .needed_n(margin, args.power)?
                .map(|_| needed_examples(margin, sd, args.alpha, args.power))
                .transpose()?
                .flatten(),
        };
        let calls = n_required.and_then(|n| n.checked_mul(u64::from(repeats)));
        Ok(Trials { repeats, sd, n_required, calls })
    };
    let flat = |repeats: &u32| {
        let noise = 2.0 * within / f64::from(*repeats);
        noise <= 0.1 * (between + noise)
    };
    let rows = REPEATS.into_iter().map(row).collect::<Result<_, _>>()?;
    Ok((rows, (1..=100).find(flat)))
}

fn print(args: &PowerArgs, plan: &Plan, context: &mut Context) -> Result<(), CliError> {
    let target = percent(plan.power);
    let out = context.out();
    let known = match args.discordance {
        Some(share) => format!("{} of the examples change their outcome", percent(share)),
        None => format!("the difference of a pair has a standard deviation of {}", number(plan.sd)),
    };
    writeln!(out, "assumed: {known}")?;
    writeln!(out, "test:    paired t, one-sided alpha {}, power {target}", number(plan.alpha))?;
    if let Some(margin) = plan.margin {
        match plan.n_required {
            Some(n) => writeln!(out, "\nA loss of {} takes {n} examples.", number(margin))?,
            None => writeln!(
                out,
                "\nNo feasible number of examples finds a loss of {}.",
                number(margin)
            )?,
        }
    }
    if let Some(size) = &plan.at_n {
        let found = size.detectable.map_or_else(|| "nothing".to_owned(), number);
        writeln!(out, "\n{} examples find a loss of {found} with a power of {target}.", size.n)?;
        if let (Some(power), Some(margin)) = (size.power_at_margin, plan.margin) {
            writeln!(
                out,
                "They find a loss of {} with a power of {}.",
                number(margin),
                percent(power)
            )?;
        }
    }
    let head = plan.margin.map(|margin| format!("power at {}", number(margin))).unwrap_or_default();
    writeln!(out, "\n{}", format!("examples  smallest loss found  {head}").trim_end())?;
    for size in &plan.sizes {
        let found = size.detectable.map(number).unwrap_or_default();
        let power = size.power_at_margin.map(percent).unwrap_or_default();
        let line = format!("{:>8}  {found:>19}  {power:>width$}", size.n, width = head.len());
        writeln!(out, "{}", line.trim_end())?;
    }
    print_repeats(plan, out)
}

fn print_repeats(plan: &Plan, out: &mut dyn std::io::Write) -> Result<(), CliError> {
    if plan.repeats.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nrepeats  standard deviation  needed examples   calls")?;
    for row in &plan.repeats {
        let count = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |it| it.to_string());
        writeln!(
            out,
            "{:>7}  {:>18}  {:>15}  {:>6}",
            row.repeats,
            number(row.sd),
            count(row.n_required),
            count(row.calls)
        )?;
    }
    match plan.flat_from {
        Some(flat) => writeln!(
            out,
            "From {flat} repeats on, less than a tenth of the variance comes from them: more are not worth paying for."
        )?,
        None => writeln!(out, "Nearly all variance is between trials, so repeats always help.")?,
    }
    writeln!(
        out,
        "Calls are paid for: as long as examples can be added, add examples before repeats."
    )?;
    Ok(())
}
