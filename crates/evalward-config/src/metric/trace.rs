//! The tables of metrics of how an answer came about.

use evalward_core::{Finite, Scale};
use evalward_metrics::{ArgumentMatch, CountedSteps, CountedTokens, ToolCallMatch};

use super::common::{metric_table, on_fraction};

fn expected() -> String {
    "/metadata/tool_calls".to_owned()
}

metric_table! {
    /// The table of `tool_calls`.
    ToolCallsConfig {
        /// What must hold: `strict` (the same calls in the same order), `any_order` (the same calls), `subset` (each call made
        /// is expected, some may be missing) or `superset` (each expected call was made, others too); `strict` by default.
        #[serde(default, rename = "match")]
        matching: ToolCallMatch,
        /// How arguments are compared: `exact`, `subset` (the expected ones are among them) or `ignore`; `exact` by default.
        #[serde(default)]
        arguments: ArgumentMatch,
        /// How far a number in an argument may lie from the right one; 0 by default.
        #[serde(default)]
        tolerance: Finite,
        /// The JSON Pointer into the example to the expected calls, a list of `{name, arguments}`; `/metadata/tool_calls` by
        /// default.
        #[serde(default = "expected")]
        expected: String,
    }
}

metric_table! {
    /// The table of `step_count`.
    StepCountConfig {
        /// What is counted: `steps` or `tool_calls` of the response; `steps` by default.
        #[serde(default)]
        count: CountedSteps,
    }
}

metric_table! {
    /// The table of `latency`: wall time in milliseconds.
    LatencyConfig {
    }
}

metric_table! {
    /// The table of `tokens`.
    TokensConfig {
        /// Which tokens are counted: `total`, `input` or `output`; `total` by default.
        #[serde(default)]
        which: CountedTokens,
    }
}

metric_table! {
    /// The table of `cost`: the price in US dollars.
    CostConfig {
    }
}

on_fraction!(ToolCallsConfig);

/// Gives tables whose scores are amounts their scale.
macro_rules! on_amount {
    ($($name:ident),*) => {
        $(impl $name {
            pub(crate) const fn scale(&self) -> Scale {
                Scale::AMOUNT
            }
        })*
    };
}

on_amount!(StepCountConfig, LatencyConfig, TokensConfig, CostConfig);
