//! A code that is made for one call.

use std::fmt;

use evalward_core::{CallError, CallErrorKind};
use rand::TryRng as _;
use rand::rngs::SysRng;
use serde::{Deserialize, Serialize};

/// What stands for the code where a call is identified, since the code is another one each time.
pub(crate) const BLANK: &str = "<code>";

/// A code of twelve hexadecimal digits that nobody could know before the call: it marks where judged text begins and ends, and an
/// answer must repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Nonce(String);

impl Nonce {
    /// Takes a code from the operating system.
    pub(crate) fn random() -> Result<Self, CallError> {
        let bits = SysRng.try_next_u64().map_err(|error| {
            let message = format!("the operating system gives no random bytes: {error}");
            CallError::new(CallErrorKind::Failed, message)
        })?;
        Ok(Self(format!("{:012x}", bits >> 16)))
    }

    /// The code of a demonstration, which everybody may know.
    pub(crate) fn of_demonstration(number: usize) -> Self {
        Self(format!("demonstration-{number}"))
    }

    /// Returns the text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
