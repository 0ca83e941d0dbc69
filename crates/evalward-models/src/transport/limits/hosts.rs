//! The hosts that calls go to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Host;

/// What is known of each host: clones share it, so that all clients of a run keep a host's limits together.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Arc<Mutex<BTreeMap<String, Arc<Host>>>>);

impl Hosts {
    /// Returns the host with this name.
    pub(in super::super) fn named(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(name) {
            return Arc::clone(host);
        }
        Arc::clone(hosts.entry(name.to_owned()).or_default())
    }
}
