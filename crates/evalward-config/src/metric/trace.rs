//! The tables of metrics of how an answer came about.

use evalward_core::Scale;

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `tool_calls`.
    ToolCallsConfig {
    }
}

metric_table! {
    /// The table of `step_count`.
    StepCountConfig {
    }
}

metric_table! {
    /// The table of `latency`.
    LatencyConfig {
    }
}

metric_table! {
    /// The table of `tokens`.
    TokensConfig {
    }
}

metric_table! {
    /// The table of `cost`.
    CostConfig {
    }
}

on_fraction!(ToolCallsConfig);

/// Gives tables whose scores are amounts their scale.
macro_rules! on_amount {
    ($($name:ident),*) => {
        $(impl $name {
            #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
            pub(crate) const fn scale(&self) -> Scale {
                Scale::AMOUNT
            }
        })*
    };
}

on_amount!(StepCountConfig, LatencyConfig, TokensConfig, CostConfig);
