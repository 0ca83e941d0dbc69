//! The table of a metric that is the team's own program.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{ReasonKind, Scale};
use toml::Spanned;

use super::common::metric_table;
use crate::{Seconds, Secret};

fn fraction() -> Spanned<Scale> {
    Spanned::new(0..0, Scale::FRACTION)
}

metric_table! {
    /// The table of `command`: `{"id","input","output",…}` a line in, `{"id","score"}` a line out.
    ///
    /// Without a `threshold` the program decides: each answer must say `passed`.
    CommandMetricConfig {
        /// The program and its arguments.
        #[schemars(with = "Vec<String>")]
        command: Spanned<Vec<String>>,
        /// The folder to run in; the folder of this file by default.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        cwd: Option<Spanned<String>>,
        /// Environment variables; their values are secrets.
        #[serde(default)]
        #[schemars(with = "BTreeMap<String, Secret>")]
        env: BTreeMap<String, Spanned<Secret>>,
        /// The number of programs that run at once; 1 by default.
        #[serde(default, skip_serializing)]
        workers: Option<NonZeroU32>,
        /// What the program's word is worth: `judge`, `hallucination` or `semantic_similarity` where it may change from one
        /// trial to the next, so that a gate can confirm its failures; `metric` by default.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<ReasonKind>,
        /// The scale of the scores; from 0 to 1 by default.
        #[serde(default = "fraction")]
        #[schemars(with = "Scale")]
        scale: Spanned<Scale>,
        /// The longest wait for an answer; 60s by default.
        #[serde(default, skip_serializing)]
        timeout: Option<Seconds>,
        /// The longest wait for a worker's first answer; 120s by default.
        #[serde(default, skip_serializing)]
        start_timeout: Option<Seconds>,
    }
}

impl CommandMetricConfig {
    pub(crate) fn scale(&self) -> Scale {
        *self.scale.get_ref()
    }
}
