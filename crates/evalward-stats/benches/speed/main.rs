//! This crate's side of `cargo xtask bench stats`.
//!
//! It takes the folder with the data as its argument and answers each case named on stdin with one line of JSON: processor seconds a
//! call, and the value that the reference must agree on.

mod cases;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;

use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

/// A measurement takes at least this many processor seconds.
const BATCH_SECONDS: f64 = 0.2;

fn main() -> Result<(), Box<dyn Error>> {
    // `cargo bench` without the rest hands over its own flag only.
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from).filter(|it| it.is_dir())
    else {
        return Ok(());
    };
    let mut known = BTreeMap::new();
    for line in io::stdin().lock().lines() {
        let name = line?;
        if !known.contains_key(&name) {
            let call = cases::case(&name, &folder)?;
            black_box(call());
            known.insert(name.clone(), call);
        }
        let (seconds, value) = measure(&known[&name]);
        writeln!(io::stdout(), "{}", json!({"seconds": seconds, "value": value}))?;
    }
    Ok(())
}

/// Returns the processor seconds of one call, over as many calls as take long enough to measure.
fn measure(call: &cases::Call) -> (f64, f64) {
    let mut calls = 1_u32;
    loop {
        let start = processor_seconds();
        for _ in 1..calls {
            black_box(call());
        }
        let value = black_box(call());
        let seconds = processor_seconds() - start;
        if seconds >= BATCH_SECONDS || calls > u32::MAX / 4 {
            return (seconds / f64::from(calls), value);
        }
        calls *= if seconds < BATCH_SECONDS / 8.0 { 4 } else { 2 };
    }
}

fn processor_seconds() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let part = |value| u32::try_from(value).map_or(f64::INFINITY, f64::from);
    part(time.tv_sec) + part(time.tv_nsec) / 1e9
}
