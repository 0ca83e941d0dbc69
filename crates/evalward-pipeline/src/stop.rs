//! Why a run stops before its end.

use std::time::Duration;

use evalward_core::{ExampleId, Partition};

use crate::clocks::TimeUp;

/// Why no more calls are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// The user asked for it.
    Interrupted,
    /// The subject is dead, by the error of its last call.
    SubjectDown(String),
    /// Another endpoint is dead, such as a judge's, by the error of its last call.
    EndpointDown(String),
    /// A budget is used up; which one.
    Budget(String),
    /// An example failed, and the run was to stop at the first that does.
    Failed(ExampleId),
}

impl StopReason {
    pub(crate) fn time_up(whose: TimeUp) -> Option<Self> {
        Some(Self::Budget(match whose {
            TimeUp::Run(limit) => format!("{} for the whole run (`budget.total`)", written(limit)),
            TimeUp::Partition(partition, limit) => {
                format!("{} for {partition} examples (`{}`)", written(limit), key(partition))
            }
            TimeUp::Grace => return None,
        }))
    }

    /// Returns the reason as a clause.
    pub fn sentence(&self) -> String {
        match self {
            Self::Interrupted => "the run was interrupted".to_owned(),
            Self::SubjectDown(error) | Self::EndpointDown(error) => error.clone(),
            Self::Budget(which) => format!("the budget of {which} is used up"),
            Self::Failed(example) => {
                format!("`{example}` failed, and the first failure ends the run")
            }
        }
    }

    /// Returns why an example has no result.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::Interrupted => "not evaluated: the run was interrupted",
            Self::SubjectDown(_) => "not evaluated: the subject is down",
            Self::EndpointDown(_) => "not evaluated: an endpoint is down",
            Self::Budget(_) => "not evaluated: the budget is used up",
            Self::Failed(_) => "not evaluated: an earlier example failed, which ended the run",
        }
    }

    /// Returns whether calls under way may end by themselves.
    pub(crate) const fn lets_calls_end(&self) -> bool {
        matches!(self, Self::Budget(_) | Self::Failed(_))
    }
}

fn key(partition: Partition) -> String {
    format!("budget.{partition}")
}

/// Writes a duration as suites do.
fn written(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match (seconds, duration.subsec_millis()) {
        (0, millis) => format!("{millis} ms"),
        (seconds, 0) if seconds % 60 == 0 => format!("{} min", seconds / 60),
        (seconds, _) => format!("{seconds} s"),
    }
}
