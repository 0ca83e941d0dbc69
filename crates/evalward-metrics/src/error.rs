//! Why a metric could not be made.

use std::fmt;

/// The error for a metric that cannot be made from what was asked for; nothing was evaluated.
#[derive(Debug, thiserror::Error)]
pub enum MetricError {
    /// Every response would pass.
    #[error("compile {place}, which could never fail: {why}")]
    CannotFail {
        /// What could never fail.
        place: Place,
        /// Why not.
        why: &'static str,
    },
    /// No response would pass.
    #[error("compile {place}, which could never hold: {why}")]
    CannotHold {
        /// What could never hold.
        place: Place,
        /// Why not.
        why: &'static str,
    },
    /// A setting has no meaning here.
    #[error("compile {place}: {why}")]
    Setting {
        /// The setting.
        place: Place,
        /// Why it has none.
        why: &'static str,
    },
    /// A regular expression is not valid.
    #[error("compile {place}")]
    Regex {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        #[source]
        source: regex::Error,
    },
    /// A JSON Schema is not valid, or refers to something outside itself.
    #[error("compile {place}")]
    Schema {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        #[source]
        source: jsonschema::ValidationError<'static>,
    },
    /// A JSON Schema is not an object; the path of a file must be resolved before.
    #[error("compile {place} from {found}, which is not a JSON object")]
    SchemaNotAnObject {
        /// Where it stands.
        place: Place,
        /// What stands in its place.
        found: String,
    },
    /// A language code names no language that can be detected.
    #[error(
        "compile {place} from `{code}`, which is not the code of a language that can be detected"
    )]
    UnknownLanguage {
        /// Where it stands.
        place: Place,
        /// The code.
        code: String,
    },
    /// An entry of the hosts to which links may lead is none.
    #[error("compile {place} from `{host}`: {why}")]
    Host {
        /// Where it stands.
        place: Place,
        /// The entry.
        host: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// An expression is not valid, or reads a name that does not exist.
    #[error("compile {place}: {why}")]
    Expression {
        /// Where it stands.
        place: Place,
        /// What is wrong with it, and where in the expression.
        why: String,
    },
    /// Two constraints have the same name.
    #[error("compile constraint `{0}` a second time")]
    DuplicateConstraint(String),
}

impl MetricError {
    /// Returns what the error is about; absent where that is no single rule.
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::CannotFail { place, .. }
            | Self::CannotHold { place, .. }
            | Self::Setting { place, .. }
            | Self::Regex { place, .. }
            | Self::Schema { place, .. }
            | Self::SchemaNotAnObject { place, .. }
            | Self::UnknownLanguage { place, .. }
            | Self::Host { place, .. }
            | Self::Expression { place, .. } => Some(place),
            Self::DuplicateConstraint(_) => None,
        }
    }
}

/// The constraint and the rule that an error is about; either may be absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The constraint's name.
    pub constraint: Option<String>,
    /// The rule, or the setting of a metric that has no rules.
    pub rule: Option<&'static str>,
}

impl Place {
    /// Makes the place of a constraint as a whole.
    pub(crate) fn of_constraint(name: &str) -> Self {
        Self { constraint: Some(name.to_owned()), rule: None }
    }

    /// Makes the place of a rule that stands in no constraint.
    pub(crate) const fn of_rule(rule: &'static str) -> Self {
        Self { constraint: None, rule: Some(rule) }
    }

    /// Returns the place of a rule within this one.
    pub(crate) fn at(&self, rule: &'static str) -> Self {
        Self { rule: Some(rule), ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.rule, &self.constraint) {
            (Some(rule), Some(constraint)) => {
                write!(formatter, "`{rule}` of constraint `{constraint}`")
            }
            (Some(rule), None) => write!(formatter, "`{rule}`"),
            (None, Some(constraint)) => write!(formatter, "constraint `{constraint}`"),
            (None, None) => formatter.write_str("the rules"),
        }
    }
}
