//! This crate's side of `cargo xtask bench metrics`.
//!
//! It takes a file with pairs of texts as its argument and answers each case named on stdin with one line of JSON: processor seconds
//! a pair, and the sum of all values, which the reference must agree on.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{self, BufRead, Write};

use evalward_metrics::{
    BleuOptions, ChrfOptions, Normalization, RougeOptions, TokenF1Options, bleu_counts,
    chrf_counts, corpus_chrf, exact_match, levenshtein_similarity, rouge, sentence_bleu, token_f1,
};
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

/// A measurement takes at least this many processor seconds.
const BATCH_SECONDS: f64 = 0.2;

type Score = fn(&str, &str) -> f64;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` without the rest hands over its own flag only.
    let Some(text) = std::env::args_os().nth(1).and_then(|path| fs::read_to_string(path).ok())
    else {
        return Ok(());
    };
    let pairs: Vec<(String, String)> = serde_json::from_str(&text)?;
    for name in io::stdin().lock().lines() {
        let (seconds, value) = measure(case(&name?)?, &pairs);
        let seconds = seconds / f64::from(u32::try_from(pairs.len())?);
        writeln!(io::stdout(), "{}", json!({"seconds": seconds, "value": value}))?;
    }
    Ok(())
}

fn case(name: &str) -> Result<Score, Box<dyn Error>> {
    Ok(match name {
        "exact_match" => |output, reference| {
            f64::from(u8::from(exact_match(output, reference, Normalization::Squad)))
        },
        "token_f1" => {
            |output, reference| token_f1(output, reference, &TokenF1Options::default()).f1.get()
        }
        "rouge_l" => |output, reference| {
            rouge(output, reference, &RougeOptions::default()).map_or(f64::NAN, |it| it.f1.get())
        },
        "bleu" => |output, reference| {
            sentence_bleu(&bleu_counts(output, &[reference], &BleuOptions::default()), true).get()
        },
        "chrf" => |output, reference| {
            let counts = chrf_counts(output, &[reference], &ChrfOptions::default());
            counts.map_or(f64::NAN, |(counts, _)| corpus_chrf(&counts).get())
        },
        "levenshtein" => |output, reference| {
            levenshtein_similarity(output, reference).map_or(f64::NAN, evalward_core::Finite::get)
        },
        other => return Err(format!("no case is known as `{other}`").into()),
    })
}

/// Returns the processor seconds of all pairs once, over as many rounds as take long enough to measure, and the sum of the values.
fn measure(score: Score, pairs: &[(String, String)]) -> (f64, f64) {
    let round = || pairs.iter().map(|(output, reference)| score(output, reference)).sum::<f64>();
    let mut rounds = 1_u32;
    loop {
        let start = processor_seconds();
        for _ in 1..rounds {
            black_box(round());
        }
        let value = black_box(round());
        let seconds = processor_seconds() - start;
        if seconds >= BATCH_SECONDS || rounds > u32::MAX / 4 {
            return (seconds / f64::from(rounds), value);
        }
        rounds *= if seconds < BATCH_SECONDS / 8.0 { 4 } else { 2 };
    }
}

fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let part = |value| u32::try_from(value).map_or(f64::INFINITY, f64::from);
    part(time.tv_sec) + part(time.tv_nsec) / 1e9
}
