//! `evalward stats`.

use std::io::{self, BufRead, BufReader, Read, Write};

use clap::Args;
use evalward_stats_json::{answer, function_names, op_names};

use crate::context::Context;
use crate::error::CliError;
use crate::exit::ExitStatus;

/// The arguments of `evalward stats`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  echo '{\"id\": 1, \"function\": \"sign_test\", \"input\": {\"positive\": 8, \"negative\": 2, \"p0\": 0.5}}' | evalward stats
  echo '{\"id\": 2, \"op\": \"binomial_ci\", \"successes\": 48, \"n\": 50, \"conf\": 0.95}' | evalward stats
  evalward stats < requests.jsonl > answers.jsonl
  evalward stats --list

A request is a JSON object on a line of its own, with an `id` that its answer repeats. A request that cannot be
answered gets an `error` with its kind: bad_request, not_finite, out_of_domain, too_few or degenerate. The exit code
is 0 all the same. docs/statistics.md describes the functions and procedures.")]
pub(crate) struct StatsArgs {
    /// List the functions and procedures instead of reading requests.
    #[arg(long)]
    list: bool,
}

/// Answers requests for statistics, line by line.
pub(crate) fn run(args: &StatsArgs, context: &mut Context) -> Result<ExitStatus, CliError> {
    if args.list {
        for name in function_names() {
            writeln!(context.out(), "function {name}")?;
        }
        for name in op_names() {
            writeln!(context.out(), "op {name}")?;
        }
    } else {
        respond(io::stdin().lock(), context.out())?;
    }
    Ok(ExitStatus::Success)
}

/// Answers every line that is not blank, in order.
fn respond(requests: impl Read, answers: &mut dyn Write) -> io::Result<()> {
    let mut requests = BufReader::with_capacity(1 << 16, requests);
    let mut line = Vec::new();
    loop {
        // Whoever waits for an answer before asking again must get it.
        if requests.buffer().is_empty() {
            answers.flush()?;
        }
        line.clear();
        if requests.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        // What is not UTF-8 is not JSON either, and is told so.
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            writeln!(answers, "{}", answer(&text))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_answered_in_order_whatever_it_holds() {
        let requests = b"{\"id\":1,\"op\":\"binomial_ci\",\"successes\":0,\"n\":1,\"conf\":0.5}\n\n  \n\xff\n{\"id\":[2]}";
        let mut answers = Vec::new();
        respond(&requests[..], &mut answers).unwrap();
        let answers = String::from_utf8(answers).unwrap();
        let starts: Vec<&str> = answers.lines().map(|line| line.split_at(16).0).collect();
        assert_eq!(starts, ["{\"ci\":[0.0,0.312", "{\"error\":{\"kind\"", "{\"error\":{\"kind\""]);
    }
}
