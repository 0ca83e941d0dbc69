//! The load generator: a process of its own that sends batches of spans on several connections, as fast as they are taken.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use evalward_core::Seed;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::processor;
use super::spans::{Batch, SPANS};
use crate::console::{Stopwatch, say};
use crate::monitor::{Answer, Client};

/// Where to send, how long, on how many connections.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct LoadArgs {
    /// Where the monitor listens.
    #[arg(long)]
    pub(crate) address: SocketAddr,
    /// For how long.
    #[arg(long)]
    pub(crate) seconds: u64,
    /// How many requests are under way at once.
    #[arg(long)]
    pub(crate) connections: u32,
}

/// What the load generator measured, as it prints it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Measured {
    /// The spans that were acknowledged.
    pub(super) acknowledged: u64,
    /// Requests that were to be sent again later.
    pub(super) refused: u64,
    /// The wall time in seconds.
    pub(super) seconds: f64,
    /// The latency of acknowledged requests in milliseconds that half of them kept below.
    pub(super) p50_millis: f64,
    /// The latency that 99 of 100 kept below.
    pub(super) p99_millis: f64,
    /// The bytes of a span on average.
    pub(super) span_bytes: f64,
    /// The processor time that sending took, in cores.
    pub(super) cores: f64,
}

/// Bodies that a connection sends in turn, each time with fresh ids.
const BATCHES: usize = 4;

/// Sends, and prints what it measured as one line of JSON.
pub(crate) fn run(args: LoadArgs) -> Result<()> {
    let mut connections: Vec<Connection> =
        (0..args.connections).map(|number| Connection::new(number, args.address)).collect();
    let span_bytes = connections.first().map_or(0.0, Connection::span_bytes);
    let before = processor::seconds_of(std::process::id())?;
    let stopwatch = Stopwatch::start();
    let limit = Duration::from_secs(args.seconds);
    let results: Vec<Result<Sent>> = thread::scope(|scope| {
        let senders: Vec<_> = connections
            .iter_mut()
            .map(|connection| scope.spawn(|| connection.send_for(limit, stopwatch)))
            .collect();
        senders.into_iter().map(|sender| sender.join().expect("sending does not panic")).collect()
    });
    let seconds = stopwatch.elapsed().as_secs_f64();
    let (mut latencies, mut refused) = (Vec::new(), 0);
    for result in results {
        let sent = result?;
        latencies.extend(sent.latencies);
        refused += sent.refused;
    }
    latencies.sort();
    let measured = Measured {
        acknowledged: u64::try_from(latencies.len() * SPANS)?,
        refused,
        seconds,
        p50_millis: quantile(&latencies, 50),
        p99_millis: quantile(&latencies, 99),
        span_bytes,
        cores: (processor::seconds_of(std::process::id())? - before) / seconds,
    };
    say(&serde_json::to_string(&measured)?);
    Ok(())
}

struct Connection {
    client: Client,
    batches: Vec<Batch>,
    random: ChaCha8Rng,
}

#[derive(Default)]
struct Sent {
    latencies: Vec<Duration>,
    refused: u64,
}

impl Connection {
    fn new(number: u32, address: SocketAddr) -> Self {
        let seed = Seed::from_number(number.into()).derive("load");
        let mut random = ChaCha8Rng::from_seed(seed.bytes());
        let batches = (0..BATCHES).map(|_| Batch::new(&mut random)).collect();
        Self { client: Client::new(address), batches, random }
    }

    fn span_bytes(&self) -> f64 {
        let bytes: usize = self.batches.iter().map(|batch| batch.body().len()).sum();
        let number = |value: usize| u32::try_from(value).map_or(f64::INFINITY, f64::from);
        number(bytes) / number(BATCHES * SPANS)
    }

    fn send_for(&mut self, limit: Duration, stopwatch: Stopwatch) -> Result<Sent> {
        let mut sent = Sent::default();
        let mut next = 0;
        while stopwatch.elapsed() < limit {
            let batch = &mut self.batches[next % BATCHES];
            next += 1;
            batch.renew(&mut self.random);
            let latency = send(&mut self.client, batch, &mut sent.refused)?;
            sent.latencies.push(latency);
        }
        Ok(sent)
    }
}

/// Sends a batch until it is taken; the time is that of the request which took it.
fn send(client: &mut Client, batch: &Batch, refused: &mut u64) -> Result<Duration> {
    loop {
        let stopwatch = Stopwatch::start();
        match client.post("/v1/traces", "application/x-protobuf", batch.body())? {
            Answer { status: 200, body, .. } if body.is_empty() => return Ok(stopwatch.elapsed()),
            Answer { status: 429, retry_after_secs, .. } => {
                *refused += 1;
                thread::sleep(Duration::from_secs(retry_after_secs.unwrap_or(1)));
            }
            answer => bail!("a batch was answered with {}: {}", answer.status, answer.text()),
        }
    }
}

/// Returns the latency, in milliseconds, that so many percent of the requests kept below (the nearest rank).
fn quantile(sorted: &[Duration], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_nearest_ranks() {
        let latencies: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(
            [50, 99].map(|percent| format!("{:.1}", quantile(&latencies, percent))),
            ["100.0", "198.0"]
        );
        assert!(quantile(&[], 99).abs() < f64::EPSILON);
    }
}
