//! What a dataset can show, from the variance in stored runs.

use evalward_core::{Margin, RunId};
use evalward_gate::compare::{ComparePolicy, ComparedScores};
use evalward_gate::power::{Basis, PowerRow, REPEATS, power_of_runs};
use evalward_runs::StoredRun;
use serde::Serialize;

use super::curve::{Curve, draw};
use super::{PowerArgs, number, percent};
use crate::commands::output::{OutputFormat, print_json};
use crate::commands::scores::read_side;
use crate::commands::suite_runs;
use crate::context::Context;
use crate::error::CliError;

/// What is printed.
#[derive(Serialize)]
struct Measured {
    version: u32,
    runs: Vec<RunId>,
    alpha: f64,
    power: f64,
    rows: Vec<PowerRow>,
}

/// Reads runs and prints what their dataset can show.
pub(super) fn run(args: &PowerArgs, context: &mut Context) -> Result<(), CliError> {
    let runs = runs(args, context)?;
    let sides: Vec<ComparedScores> = runs.iter().map(read_side).collect::<Result<_, _>>()?;
    let Some((first, rest)) = sides.split_first() else {
        return Err(CliError::input("there is no run to read"));
    };
    let mut policy = ComparePolicy {
        alpha: args.alpha,
        target_power: args.power,
        metrics: args.metric.clone(),
        partitions: args.partition.clone(),
        ..ComparePolicy::default()
    };
    if let Some(margin) = args.margin.and_then(Margin::new) {
        let names = first.scores.scales.keys().cloned();
        let all = names.chain([ComparePolicy::PASS_RATE.to_owned()]);
        policy.margins = all.map(|name| (name, margin)).collect();
    }
    let rows = power_of_runs(first, rest.first(), &policy).map_err(CliError::failed_to)?;
    if rows.is_empty() {
        let error = CliError::input("nothing that was asked for has a score on two examples");
        let names: Vec<&str> = first.scores.scales.keys().map(String::as_str).collect();
        return Err(error.with_hint(format!(
            "the run has {} and pass_rate; run the suite on more examples where there are too few",
            names.join(", ")
        )));
    }
    let measured = Measured {
        version: 1,
        runs: runs.iter().map(|run| run.manifest().run_id.clone()).collect(),
        alpha: args.alpha,
        power: args.power,
        rows,
    };
    if let Some(path) = &args.plot {
        let [row] = measured.rows.as_slice() else {
            return Err(CliError::input("`--plot` draws one curve").with_hint(
                "name one metric and one partition, such as `--metric pass_rate --partition golden`",
            ));
        };
        let curve = Curve {
            what: &format!("{} in {}", row.what, row.partition),
            sd: row.sd.get(),
            margin: row.margin.map(evalward_core::Finite::get),
            now: Some(row.n),
            needed: row.n_required,
        };
        draw(path, args, &curve, context)?;
    }
    match args.format {
        OutputFormat::Json => print_json(&measured, context),
        OutputFormat::Text => print(&measured, context),
    }
}

fn runs(args: &PowerArgs, context: &Context) -> Result<Vec<StoredRun>, CliError> {
    let runs: Vec<StoredRun> = match &args.suite {
        Some(suite) => {
            let name = suite_runs::name_of(suite, context)?;
            suite_runs::alike(&name, context)?.into_iter().take(2).collect()
        }
        None => args
            .run
            .iter()
            .map(|name| context.runs.find(name).map_err(CliError::from))
            .collect::<Result<_, _>>()?,
    };
    if let [first, second] = runs.as_slice() {
        let (first, second) = (first.manifest(), second.manifest());
        if first.run_id == second.run_id {
            return Err(
                CliError::input("both runs are the same").with_hint("name two runs, or one alone")
            );
        }
        if first.metrics != second.metrics || first.dataset.name != second.dataset.name {
            return Err(CliError::input("the two runs do not score the same")
                .with_hint("name two runs of one suite, with the same metrics"));
        }
    }
    Ok(runs)
}

fn print(measured: &Measured, context: &mut Context) -> Result<(), CliError> {
    let out = context.out();
    let ids: Vec<&str> = measured.runs.iter().map(RunId::as_str).collect();
    writeln!(out, "variance: {}", ids.join(", "))?;
    writeln!(
        out,
        "test:     paired t, one-sided alpha {}, power {}\n",
        number(measured.alpha),
        percent(measured.power)
    )?;
    let width = measured.rows.iter().map(|row| row.what.name().chars().count()).max().unwrap_or(0);
    let width = width.max("metric".len());
    writeln!(
        out,
        "{:width$}  partition        n     sd  finds  margin    power  needed n  known from",
        "metric"
    )?;
    for row in &measured.rows {
        let cell = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        writeln!(
            out,
            "{:width$}  {:12} {:>5}  {:>5}  {:>5}  {:>6}  {:>7}  {:>8}  {}",
            row.what.name(),
            row.partition,
            row.n,
            number(row.sd.get()),
            row.detectable.map_or_else(|| "none".to_owned(), |it| number(it.get())),
            cell(row.margin.map(|margin| number(margin.get()))),
            cell(row.power.map(|power| percent(power.get()))),
            cell(row.n_required.map(|n| n.to_string())),
            basis(row.basis),
        )?;
    }
    writeln!(
        out,
        "\nfinds: the smallest loss that is found; needed n: examples to find one of the margin."
    )?;
    for row in &measured.rows {
        print_repeats(row, out)?;
    }
    if measured.rows.iter().all(|row| row.repeats.is_none()) {
        writeln!(
            out,
            "These runs have no repeats, so noise between trials is not told apart: `evalward run --repeats 3` would."
        )?;
    }
    Ok(())
}

const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::TwoRuns => "the differences of two runs",
        Basis::Repeats => "repeats: for a change that moves every example alike",
        Basis::OneRun => "one run, as if two had nothing in common: at most",
        Basis::NothingVaried => "nothing varied, as if 3 examples would: at most",
    }
}

fn print_repeats(row: &PowerRow, out: &mut dyn std::io::Write) -> Result<(), CliError> {
    let Some(plan) = &row.repeats else { return Ok(()) };
    let found: Vec<String> = REPEATS
        .iter()
        .zip(&plan.detectable)
        .map(|(repeats, found)| format!("{repeats}: {}", number(found.get())))
        .collect();
    write!(
        out,
        "\n{} in {}: repeats find {} (one answer varies by {} between trials)",
        row.what,
        row.partition,
        found.join(", "),
        number(plan.within_sd.get())
    )?;
    if let Some(flat) = plan.flat_from {
        write!(out, "; from {flat} on the curve is flat")?;
    }
    match (plan.for_margin, row.margin) {
        (Some(repeats), Some(margin)) => {
            write!(out, "; {repeats} would do for the margin of {}", number(margin.get()))?;
        }
        (None, Some(margin)) => {
            write!(
                out,
                "; no number of repeats does for the margin of {}: add examples",
                number(margin.get())
            )?;
        }
        _ => {}
    }
    writeln!(out)?;
    Ok(())
}
