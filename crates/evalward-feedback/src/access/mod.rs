//! Reaching patterns and candidates: in a store, or through a monitor that runs.

mod error;
mod monitor;

use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use evalward_core::Clock;
use evalward_store::{CandidateState, PatternState, Store, StoreOptions};

pub use error::AccessError;
pub use monitor::Monitor;

use crate::review::{approve, reject};
use crate::views::{ApproveBody, CandidateView, PatternView, RejectBody};

/// A way to patterns and candidates of one project; both ways do the same.
#[derive(Debug)]
pub enum Access {
    /// The store itself.
    Store(StoreAccess),
    /// A monitor, by HTTP.
    Monitor(Monitor),
}

/// A store with what its reviews need.
pub struct StoreAccess {
    store: Store,
    project: String,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for StoreAccess {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoreAccess")
            .field("project", &self.project)
            .finish_non_exhaustive()
    }
}

impl Access {
    /// Opens a store by its URL; a SQLite file must be there.
    ///
    /// # Errors
    /// [`AccessError::NoFile`] or [`AccessError::Store`].
    pub async fn of_store(
        url: &str,
        project: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AccessError> {
        if let Some(path) = sqlite_file(url)
            && !Path::new(path).exists()
        {
            return Err(AccessError::NoFile { path: path.into() });
        }
        let two = NonZeroU32::MIN.saturating_add(1);
        let options = StoreOptions { connections: two, ..StoreOptions::default() };
        let store = Store::open(url, options).await?;
        Ok(Self::Store(StoreAccess { store, project: project.to_owned(), clock }))
    }

    /// Lists patterns, the largest first.
    ///
    /// # Errors
    /// [`AccessError`] if they cannot be read.
    pub async fn patterns(
        &self,
        state: Option<PatternState>,
    ) -> Result<Vec<PatternView>, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, .. }) => {
                let patterns = store.patterns(project, state).await?;
                Ok(patterns.into_iter().map(PatternView::from).collect())
            }
            Self::Monitor(monitor) => monitor.patterns(state).await,
        }
    }

    /// Reads a pattern.
    ///
    /// # Errors
    /// [`AccessError`] if there is none of this id, or it cannot be read.
    pub async fn pattern(&self, id: &str) -> Result<PatternView, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, .. }) => {
                Ok(store.pattern(project, id).await?.into())
            }
            Self::Monitor(monitor) => monitor.pattern(id).await,
        }
    }

    /// Lists candidates, the oldest first.
    ///
    /// # Errors
    /// [`AccessError`] if they cannot be read.
    pub async fn candidates(
        &self,
        state: Option<CandidateState>,
    ) -> Result<Vec<CandidateView>, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, .. }) => {
                let candidates = store.candidates(project, state).await?;
                Ok(candidates.into_iter().map(CandidateView::from).collect())
            }
            Self::Monitor(monitor) => monitor.candidates(state).await,
        }
    }

    /// Reads a candidate.
    ///
    /// # Errors
    /// [`AccessError`] if there is none of this id, or it cannot be read.
    pub async fn candidate(&self, id: &str) -> Result<CandidateView, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, .. }) => {
                Ok(store.candidate(project, id).await?.into())
            }
            Self::Monitor(monitor) => monitor.candidate(id).await,
        }
    }

    /// Approves a candidate.
    ///
    /// # Errors
    /// [`AccessError`] if the review is refused, or cannot be stored.
    pub async fn approve(
        &self,
        id: &str,
        body: &ApproveBody,
    ) -> Result<CandidateView, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, clock }) => {
                let edit = approve(&store.candidate(project, id).await?, body, clock.now())?;
                Ok(store.review_candidate(project, id, edit).await?.into())
            }
            Self::Monitor(monitor) => monitor.approve(id, body).await,
        }
    }

    /// Rejects a candidate.
    ///
    /// # Errors
    /// [`AccessError`] if the review is refused, or cannot be stored.
    pub async fn reject(&self, id: &str, body: &RejectBody) -> Result<CandidateView, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, clock }) => {
                let edit = reject(&store.candidate(project, id).await?, body, clock.now())?;
                Ok(store.review_candidate(project, id, edit).await?.into())
            }
            Self::Monitor(monitor) => monitor.reject(id, body).await,
        }
    }

    /// Records that a candidate is in the dataset; its pattern is covered from now on.
    ///
    /// # Errors
    /// [`AccessError`] if it cannot be recorded.
    pub async fn promoted(&self, id: &str, example: &str) -> Result<PatternView, AccessError> {
        match self {
            Self::Store(StoreAccess { store, project, clock }) => {
                Ok(store.cover(project, id, example, clock.now()).await?.into())
            }
            Self::Monitor(monitor) => monitor.promoted(id, example).await,
        }
    }

    /// Closes the store, where it is one.
    ///
    /// # Errors
    /// [`AccessError::Store`] if something could not be written.
    pub async fn close(self) -> Result<(), AccessError> {
        match self {
            Self::Store(StoreAccess { store, .. }) => Ok(store.close().await?),
            Self::Monitor(_) => Ok(()),
        }
    }
}

/// Returns the file of a SQLite store.
fn sqlite_file(url: &str) -> Option<&str> {
    url.strip_prefix("sqlite://").filter(|path| *path != ":memory:")
}
