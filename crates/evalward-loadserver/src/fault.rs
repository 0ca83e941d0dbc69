//! What can go wrong with a request.

use std::time::Duration;

use evalward_core::Seed;
use serde::Serialize;

/// The share of requests that meet each fault; the rest is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Faults {
    /// Answered with 429 and `Retry-After`.
    pub busy: f64,
    /// How long those are told to wait; whole seconds.
    pub retry_after: Duration,
    /// Answered with 500.
    pub broken: f64,
    /// Never answered.
    pub hanging: f64,
    /// Answered with something that is no chat answer.
    pub malformed: f64,
}

/// A fault that a request meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429 with `Retry-After`.
    Busy,
    /// 500.
    Broken,
    /// No answer.
    Hanging,
    /// An answer that is none.
    Malformed,
}

impl Faults {
    /// Draws the fault of a request by its number; the same seed draws the same.
    pub(crate) fn draw(&self, seed: Seed, request: u64) -> Option<Fault> {
        // 32 bits are enough for a share, and a float holds them exactly.
        let number = seed.derive(&request.to_string()).number() >> 32;
        let point = f64::from(u32::try_from(number).unwrap_or(u32::MAX)) / f64::from(u32::MAX);
        let faults = [
            (Fault::Busy, self.busy),
            (Fault::Broken, self.broken),
            (Fault::Hanging, self.hanging),
            (Fault::Malformed, self.malformed),
        ];
        let mut end = 0.0;
        faults.into_iter().find_map(|(fault, share)| {
            end += share;
            (point < end).then_some(fault)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_their_shares_and_by_their_seed() {
        let faults = Faults { busy: 0.05, broken: 0.02, hanging: 0.01, ..Faults::default() };
        let draw = |seed| -> Vec<Option<Fault>> {
            (0..20_000).map(|request| faults.draw(Seed::from_number(seed), request)).collect()
        };
        let drawn = draw(1);
        assert_eq!(drawn, draw(1));
        assert_ne!(drawn, draw(2));
        let count = |fault| drawn.iter().filter(|it| **it == Some(fault)).count();
        assert!((900..1100).contains(&count(Fault::Busy)));
        assert!((340..460).contains(&count(Fault::Broken)));
        assert!((150..250).contains(&count(Fault::Hanging)));
        assert_eq!(count(Fault::Malformed), 0);
    }
}
