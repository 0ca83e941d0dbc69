//! What every metric's table has.

use evalward_core::{Applicability, Margin, Thresholds};
use toml::Spanned;

/// What every metric has.
#[derive(Clone, Copy, Debug)]
pub struct Common<'a> {
    /// The values that decide.
    pub threshold: Option<&'a Spanned<Thresholds>>,
    /// Where the metric applies.
    pub applies: Option<&'a Applicability>,
    /// Whether it may fail an example.
    pub gating: bool,
    /// The largest loss that does not matter when runs are compared.
    pub margin: Option<&'a Spanned<Margin>>,
}

/// The default of `gating`.
pub(crate) const fn yes() -> bool {
    true
}

/// Declares the table of a metric: its own keys, and those that every metric has; each has a function `scale` of its own.
macro_rules! metric_table {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The value that a score must reach: a number, or a table by partition with `default`.
            #[serde(default, skip_serializing)]
            #[schemars(with = "Option<evalward_core::Thresholds>")]
            pub threshold: Option<toml::Spanned<evalward_core::Thresholds>>,
            /// Where the metric applies; everywhere by default.
            #[serde(default, rename = "where", skip_serializing)]
            pub applies: Option<evalward_core::Applicability>,
            /// Whether the metric may fail an example; `false` makes it report only.
            #[serde(default = "crate::metric::common::yes", skip_serializing)]
            pub gating: bool,
            /// The largest loss that does not matter when runs are compared, in the units of the scores.
            #[serde(default, skip_serializing)]
            #[schemars(with = "Option<evalward_core::Margin>")]
            pub margin: Option<toml::Spanned<evalward_core::Margin>>,
        }

        impl $name {
            pub(crate) const fn common(&self) -> $crate::metric::Common<'_> {
                $crate::metric::Common {
                    threshold: self.threshold.as_ref(),
                    applies: self.applies.as_ref(),
                    gating: self.gating,
                    margin: self.margin.as_ref(),
                }
            }
        }
    };
}

/// Gives tables whose scores lie between 0 and 1 their scale.
macro_rules! on_fraction {
    ($($name:ident),*) => {
        $(impl $name {
            pub(crate) const fn scale(&self) -> evalward_core::Scale {
                evalward_core::Scale::FRACTION
            }
        })*
    };
}

pub(crate) use {metric_table, on_fraction};
