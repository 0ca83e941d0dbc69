//! The tables of metrics that compare values: JSON, numbers, labels.

use evalward_core::Finite;
use evalward_metrics::{DecimalMark, ExtraFields, PercentSign, PickNumber};

use super::common::{metric_table, on_fraction};

metric_table! {
    /// The table of `json_match`.
    JsonMatchConfig {
        /// The fields that count, as JSON Pointers (`/items/0/name`) or dotted paths (`items.0.name`); every leaf of the right
        /// answer by default.
        #[serde(default)]
        fields: Option<Vec<String>>,
        /// How far a number may lie from the right one; 0 by default.
        #[serde(default)]
        tolerance: Finite,
        /// The same as a share of the right number; the wider of the two holds.
        #[serde(default)]
        relative_tolerance: Finite,
        /// Lets the order of arrays not matter.
        #[serde(default)]
        unordered: bool,
        /// `wrong`: a field that the right answer lacks does not match. `allowed` by default.
        #[serde(default)]
        extra: ExtraFields,
    }
}

metric_table! {
    /// The table of `numeric`.
    NumericConfig {
        /// Which number of the output counts: `only`, `first` or `last`; `only` by default, where several are a failure.
        #[serde(default)]
        pick: PickNumber,
        /// How far the number may lie from the right one; 0 by default.
        #[serde(default)]
        tolerance: Finite,
        /// The same as a share of the right number; the wider of the two holds.
        #[serde(default)]
        relative_tolerance: Finite,
        /// Which mark stands before the decimals: `point` (`1,234.5`) or `comma` (`1.234,5`); `point` by default.
        #[serde(default)]
        decimal: DecimalMark,
        /// What a percent sign does: `ignored` (`12 %` is 12) or `hundredth` (`12 %` is 0.12); `ignored` by default.
        #[serde(default)]
        percent: PercentSign,
    }
}

metric_table! {
    /// The table of `classification`.
    ClassificationConfig {
        /// The regular expression whose only group finds the label; the whole output by default.
        #[serde(default)]
        pattern: Option<String>,
        /// All labels there are; an output that is none of them has no label, which is wrong.
        #[serde(default)]
        labels: Option<Vec<String>>,
        /// Compares letter by letter; by default case is folded.
        #[serde(default)]
        case_sensitive: bool,
    }
}

on_fraction!(JsonMatchConfig, NumericConfig, ClassificationConfig);
