//! A certificate for people.

use std::io::Write;

use evalward_gate::certify::{Certificate, GateShare, Share, Shares};

use crate::context::Context;
use crate::error::CliError;

/// How many examples that do not come out the same are listed.
const LISTED: usize = 10;

/// Prints a certificate: a table of what becomes of changes, one of what each gate does, and what it means.
pub(super) fn print(
    suite: &str,
    seed: u64,
    certificate: &Certificate,
    context: &mut Context,
) -> Result<(), CliError> {
    let out = context.out();
    writeln!(
        out,
        "{suite}: {}, {} examples, at least {} trials of each",
        count(certificate.runs.len(), "run"),
        certificate.examples,
        certificate.fewest_trials
    )?;
    writeln!(
        out,
        "{} runs put together for each row, seed {seed}; in brackets 95 % intervals of the draws\n",
        certificate.resamples
    )?;
    let rows = rows(certificate);
    let width = rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
    writeln!(
        out,
        "{:width$}  {:>20}  {:>20}  {:>10}  {:>6}",
        "", "blocked", "inconclusive", "incomplete", "holds"
    )?;
    for (label, shares) in &rows {
        writeln!(
            out,
            "{label:width$}  {:>20}  {:>20}  {:>10}  {:>6}",
            with_interval(shares.blocked),
            with_interval(shares.inconclusive),
            percent(shares.incomplete),
            percent(shares.held),
        )?;
    }
    print_gates(&rows, width, out)?;
    print_unstable(certificate, out)?;
    print_meaning(certificate, out)
}

fn rows(certificate: &Certificate) -> Vec<(String, &Shares)> {
    let mut rows = vec![("a change that changes nothing".to_owned(), &certificate.no_change)];
    rows.extend(certificate.drops.iter().map(|it| (drop(it.drop.get()), &it.shares)));
    rows
}

/// Writes `a drop of 5 points`.
fn drop(share: f64) -> String {
    let points = format!("{:.2}", share * 100.0);
    let points = points.trim_end_matches('0').trim_end_matches('.');
    format!("a drop of {points} {}", if points == "1" { "point" } else { "points" })
}

fn print_gates(
    rows: &[(String, &Shares)],
    width: usize,
    out: &mut dyn Write,
) -> Result<(), CliError> {
    let Some((_, first)) = rows.first() else { return Ok(()) };
    let names: Vec<String> = first.gates.iter().map(name).collect();
    writeln!(out, "\nblocked by which gate (a run may be blocked by several)")?;
    let heads: Vec<String> = names.iter().map(|name| format!("{name:>8}")).collect();
    writeln!(out, "{:width$}  {}", "", heads.join("  "))?;
    for (label, shares) in rows {
        let cells: Vec<String> = names
            .iter()
            .map(|head| {
                let gate = shares.gates.iter().find(|gate| name(gate) == *head);
                let cell = gate.map_or_else(|| "-".to_owned(), |gate| percent(gate.blocked));
                format!("{cell:>width$}", width = head.len().max(8))
            })
            .collect();
        writeln!(out, "{label:width$}  {}", cells.join("  "))?;
    }
    Ok(())
}

fn name(gate: &GateShare) -> String {
    let against = if gate.against_baseline { " (baseline)" } else { "" };
    format!("{}{against}", gate.partition)
}

fn print_unstable(certificate: &Certificate, out: &mut dyn Write) -> Result<(), CliError> {
    if certificate.unstable.is_empty() {
        writeln!(out, "\nEvery example came out the same in each trial.")?;
        return Ok(());
    }
    writeln!(
        out,
        "\n{} did not come out the same each time:",
        count(certificate.unstable.len(), "example")
    )?;
    for it in certificate.unstable.iter().take(LISTED) {
        let (passed, evaluated) = (it.passed, it.evaluated);
        writeln!(out, "  {:12}  {}  passed {passed} of {evaluated}", it.partition, it.example_id)?;
    }
    if certificate.unstable.len() > LISTED {
        writeln!(out, "  … and {} more", certificate.unstable.len() - LISTED)?;
    }
    Ok(())
}

fn print_meaning(certificate: &Certificate, out: &mut dyn Write) -> Result<(), CliError> {
    let shares = &certificate.no_change;
    let blocked = with_interval(shares.blocked);
    writeln!(
        out,
        "\nA change that changes nothing is blocked in {blocked} of cases{}{}.",
        cause(shares),
        undecided(shares)
    )?;
    for planted in &certificate.drops {
        let text = drop(planted.drop.get());
        let caught = with_interval(planted.shares.blocked);
        let undecided = undecided(&planted.shares);
        let text = text.get(1..).unwrap_or_default();
        writeln!(out, "A{text} is caught in {caught} of cases{undecided}.")?;
        for partition in &planted.beyond {
            writeln!(
                out,
                "  (the pass rate of {partition} is smaller than that, so it falls to 0)"
            )?;
        }
    }
    Ok(())
}

/// Says what neither blocks nor holds: a pipeline stops at it all the same.
fn undecided(shares: &Shares) -> String {
    let part = |share: Share, what: &str| {
        (share.count > 0).then(|| format!("; {what} in {}", percent(share)))
    };
    let parts = [part(shares.inconclusive, "inconclusive"), part(shares.incomplete, "incomplete")];
    parts.into_iter().flatten().collect()
}

/// Names the gate that blocks most.
fn cause(shares: &Shares) -> String {
    let worst = shares.gates.iter().max_by_key(|gate| gate.blocked.count);
    match worst.filter(|gate| gate.blocked.count > 0) {
        Some(gate) if gate.blocked.count == shares.blocked.count => {
            format!(", always by {}", name(gate))
        }
        Some(gate) => format!(", most often by {}", name(gate)),
        None => String::new(),
    }
}

fn percent(share: Share) -> String {
    format!("{:.1} %", share.value.get() * 100.0)
}

fn with_interval(share: Share) -> String {
    let (low, high) = (share.low.get() * 100.0, share.high.get() * 100.0);
    format!("{} [{low:.1}, {high:.1}]", percent(share))
}

fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
