//! One entry of the list of hosts.

use url::{Host, Url};

use crate::{MetricError, Place};

/// A host to which links may lead, with the path that they must stay under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AllowedHost {
    host: Host<String>,
    /// Without a slash at the end; empty where every path is allowed.
    path: String,
}

impl AllowedHost {
    /// Reads `example.com` or `docs.example.com/help`.
    pub(super) fn parse(entry: &str, place: &Place) -> Result<Self, MetricError> {
        let refused = |why| MetricError::Host { place: place.clone(), host: entry.to_owned(), why };
        if entry.contains("://") || entry.starts_with("//") {
            return Err(refused("write the host without a scheme; http and https are meant"));
        }
        if entry.contains('*') {
            return Err(refused("sub-domains are allowed as it is; leave the `*` out"));
        }
        if entry.contains(['@', '?', '#', '\\', ':']) || entry.contains(char::is_whitespace) {
            return Err(refused("only a host and a path are compared"));
        }
        let entry = entry.trim_start_matches('.');
        let url = Url::parse(&format!("https://{entry}"))
            .map_err(|_| refused("it is no host, such as `example.com`"))?;
        let host = url.host().ok_or_else(|| refused("it is no host, such as `example.com`"))?;
        Ok(Self { host: host.to_owned(), path: url.path().trim_end_matches('/').to_owned() })
    }

    pub(super) fn admits(&self, url: &Url) -> bool {
        url.host().is_some_and(|host| self.is_host_of(&host)) && self.holds_path(url.path())
    }

    /// A sub-domain ends with the whole host behind a dot: `evilexample.com` is none of `example.com`.
    fn is_host_of(&self, host: &Host<&str>) -> bool {
        match (&self.host, host) {
            (Host::Domain(allowed), Host::Domain(host)) => {
                // A dot at the end makes a name absolute and no other.
                let host = host.strip_suffix('.').unwrap_or(host);
                let allowed = allowed.strip_suffix('.').unwrap_or(allowed);
                host.strip_suffix(allowed)
                    .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            }
            (Host::Ipv4(allowed), Host::Ipv4(host)) => allowed == host,
            (Host::Ipv6(allowed), Host::Ipv6(host)) => allowed == host,
            _ => false,
        }
    }

    fn holds_path(&self, path: &str) -> bool {
        if self.path.is_empty() {
            return true;
        }
        // A server may take an encoded slash for one, so that `..` behind it leaves the path.
        let lower = path.to_ascii_lowercase();
        let hides_a_slash = lower.contains("%2f") || lower.contains("%5c");
        let rest = path.strip_prefix(&self.path);
        !hides_a_slash && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}
