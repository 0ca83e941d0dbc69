//! Whether every link leads to an allowed host.

use serde_json::Value;
use url::{Host, Url};

use super::allowed::AllowedHost;
use super::candidates::{Candidate, Form, candidates};
use crate::rules::assessment::Assessment;
use crate::wording::{quoted, span_with_text};
use crate::{MetricError, Place};

/// How many links are told one by one.
const LISTED: usize = 10;

/// Links may lead to these hosts only; without one, no link may occur.
#[derive(Clone, Debug)]
pub(crate) struct LinksRule {
    allowed: Vec<AllowedHost>,
}

impl LinksRule {
    pub(crate) const NAME: &'static str = "allowed_links";

    pub(crate) fn compile(hosts: &[String], place: &Place) -> Result<Self, MetricError> {
        let place = place.at(Self::NAME);
        let allowed = hosts.iter().map(|host| AllowedHost::parse(host, &place));
        Ok(Self { allowed: allowed.collect::<Result<_, _>>()? })
    }

    pub(crate) fn assess(&self, text: &str) -> Assessment {
        let candidates = candidates(text);
        let mut found = 0_usize;
        let mut problems: Vec<String> = Vec::new();
        let mut spans: Vec<Value> = Vec::new();
        for Candidate { span, form } in &candidates {
            let link = text.get(span.clone()).unwrap_or_default();
            if let Some(problem) = self.problem(link, *form) {
                found += 1;
                if found <= LISTED {
                    problems.push(format!("{problem} at byte {}", span.start));
                    spans.push(span_with_text(text, span));
                }
            }
        }
        let links = candidates.len();
        if found == 0 {
            return Assessment::passed().with("links", links);
        }
        let more = match found.saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Assessment::failed(format!("has {}{more}", problems.join(", ")), spans)
            .with("links", links)
            .with("count", found)
    }

    /// Returns what is wrong with a link, if anything.
    fn problem(&self, link: &str, form: Form) -> Option<String> {
        let unreadable = || Some(format!("a link that cannot be read, {}", quoted(link)));
        match form {
            Form::Address => match Url::parse(link) {
                Ok(url) => self.problem_of(&url, link),
                Err(_) => unreadable(),
            },
            Form::Name => match Url::parse(&format!("https://{link}")) {
                Ok(url) => self.problem_of(&url, link),
                Err(_) => unreadable(),
            },
            Form::Target if hides_letters(link) => unreadable(),
            // What a target without a scheme means depends on the page: both kinds of page are tried.
            Form::Target => {
                ["https://page.invalid/", "http://page.invalid/"].iter().find_map(|page| {
                    match Url::parse(page).and_then(|page| page.join(link)) {
                        Ok(url) if url.host() == Some(Host::Domain("page.invalid")) => None,
                        Ok(url) => self.problem_of(&url, link),
                        Err(_) => unreadable(),
                    }
                })
            }
        }
    }

    fn problem_of(&self, url: &Url, link: &str) -> Option<String> {
        match url.scheme() {
            "http" | "https" => {}
            // No page is behind these; an address is personal data, which has its own rule.
            "mailto" | "tel" | "sms" => return None,
            scheme => return Some(format!("a link with the scheme {}", quoted(scheme))),
        }
        if has_user(link) {
            return Some(format!("a link with a user before its host, {}", quoted(link)));
        }
        if self.allowed.iter().any(|allowed| allowed.admits(url)) {
            return None;
        }
        Some(format!("a link to {}", quoted(&in_words(url))))
    }
}

/// A host that is not ASCII is shown in the form that tells look-alikes apart.
fn in_words(url: &Url) -> String {
    format!("{}{}", url.host_str().unwrap_or_default(), url.path().trim_end_matches('/'))
}

/// Programs differ on what the host is where an `@` stands before the path, so that no such link is allowed.
fn has_user(link: &str) -> bool {
    let behind = link.split_once(':').map_or(link, |(_, rest)| rest);
    let authority = behind.trim_start_matches(['/', '\\']);
    authority.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@'))
}

/// Character references, as in a colon that is written as its number, are read by the page and not by a parser of addresses.
fn hides_letters(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    ["&#", "&colon;", "&tab;", "&newline;", "&sol;", "&bsol;", "&period;", "&commat;"]
        .iter()
        .any(|reference| lower.contains(reference))
}
