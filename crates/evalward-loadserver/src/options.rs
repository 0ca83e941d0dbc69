//! What a server does.

use std::collections::BTreeMap;
use std::time::Duration;

use regex::Regex;

use crate::Faults;

/// What a server does.
#[derive(Clone, Debug)]
pub struct Options {
    /// The port; any free one by default.
    pub port: u16,
    /// How long each answer takes.
    pub latency: Duration,
    /// What every answer says.
    pub reply: String,
    /// What of the question an answer repeats: the first group of this stands for each `$1` of the reply.
    pub repeated: Option<Regex>,
    /// What the answers of a model say instead, by its name.
    pub replies: BTreeMap<String, String>,
    /// The share of requests that meet each fault.
    pub faults: Faults,
    /// What faults are drawn by.
    pub seed: u64,
    /// After how many requests it dies: each later one fails, until it is revived.
    pub life: Option<u64>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            latency: Duration::from_millis(50),
            reply: "yes".to_owned(),
            repeated: None,
            replies: BTreeMap::new(),
            faults: Faults::default(),
            seed: 1,
            life: None,
        }
    }
}
