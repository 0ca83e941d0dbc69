//! A comparison for people.

use std::io::Write;

use evalward_judge::{JudgeEstimate, PairTally};

use super::{Ratings, Report};
use crate::context::Context;
use crate::error::CliError;

/// Prints a comparison.
pub(super) fn print(report: &Report<'_>, context: &mut Context) -> Result<(), CliError> {
    let out = context.out();
    let version: String = report.judge_version.chars().take(12).collect();
    writeln!(out, "judge {} (pairwise), version {version}, model {}", report.judge, report.model)?;
    for (name, run) in names().zip(&report.runs) {
        writeln!(out, "  {name}  {}, {}", run.run, run.subject)?;
    }
    write!(out, "{} examples that all runs answered", report.examples)?;
    if report.left_out > 0 {
        write!(out, "; {} left out, which some did not, or with other content", report.left_out)?;
    }
    writeln!(out, "\n")?;
    for pair in &report.pairs {
        let name = |place: usize| names().nth(place).unwrap_or_default();
        print_pair((&name(pair.first), &name(pair.second)), &pair.tally, out)?;
    }
    match &report.ratings {
        Some(ratings) => print_ratings(ratings, report.seed, out)?,
        None => writeln!(out, "ratings: too few judged pairs")?,
    }
    Ok(())
}

/// The short names of the runs: A, B, ..., then numbers.
fn names() -> impl Iterator<Item = String> {
    ('A'..='Z').map(String::from).chain((27_u32..).map(|number| number.to_string()))
}

fn print_pair(
    (first, second): (&str, &str),
    tally: &PairTally,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    writeln!(
        out,
        "{first} against {second}: {} pairs, {second} wins {}, {first} wins {}, {} ties",
        tally.pairs, tally.second_wins, tally.first_wins, tally.ties
    )?;
    let row = |out: &mut dyn Write, name: &str, text: String| writeln!(out, "  {name:16}{text}");
    if let Some(rate) = &tally.win_rate {
        let words = verdict((first, second), rate);
        row(out, &format!("win rate of {second}"), format!("{}; {words}", shown(rate)))?;
        row(out, "sign test", format!("p {}", p_value(tally.p)))?;
    }
    if let Some(bias) = &tally.position_bias {
        let PairTally { follows_first, follows_second, .. } = tally;
        let text = format!(
            "{}; the first place {follows_first} times, the second {follows_second}",
            shown(bias)
        );
        row(out, "position bias", text)?;
    }
    let rest = [
        (tally.same, "ties whose answers are the same, for which nobody was asked"),
        (tally.skipped, "skipped"),
        (tally.errored, "errored"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        row(out, "of these", format!("{count} {what}"))?;
    }
    writeln!(out)?;
    Ok(())
}

fn verdict((first, second): (&str, &str), rate: &JudgeEstimate) -> String {
    let better = match () {
        () if rate.interval[0] > 0.5 => second,
        () if rate.interval[1] < 0.5 => first,
        () => return "the interval holds 50 %, so neither is shown to be better".to_owned(),
    };
    format!("{better} is preferred")
}

fn print_ratings(ratings: &Ratings, seed: u64, out: &mut dyn Write) -> Result<(), CliError> {
    let found = &ratings.bradley_terry;
    writeln!(out, "ratings (Bradley-Terry, log odds, ties as half wins)")?;
    let mut order: Vec<usize> = (0..found.estimate.ratings.len()).collect();
    order.sort_by(|a, b| found.estimate.ratings[*b].total_cmp(&found.estimate.ratings[*a]));
    for place in order {
        let name = names().nth(place).unwrap_or_default();
        let interval = found.intervals[place];
        writeln!(
            out,
            "  {name:4}{:+.2}  [{:+.2}, {:+.2}]",
            found.estimate.ratings[place], interval.low, interval.high
        )?;
    }
    writeln!(
        out,
        "  95 % intervals from {} resamples of {} clusters, seed {seed}",
        ratings.resamples, found.clusters
    )?;
    if found.estimate.is_smoothed {
        writeln!(
            out,
            "  a run never lost, or never won: one tie of every two runs was added, without which there is no rating"
        )?;
    } else if found.smoothed > 0 {
        writeln!(
            out,
            "  {} resamples have no rating of their own; one tie of every two runs was added to each",
            found.smoothed
        )?;
    }
    Ok(())
}

/// Writes a share with its interval.
fn shown(estimate: &JudgeEstimate) -> String {
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let [low, high] = estimate.interval;
    format!(
        "{} [{}, {}] (n {}, {})",
        percent(estimate.value),
        percent(low),
        percent(high),
        estimate.n,
        estimate.method
    )
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}
