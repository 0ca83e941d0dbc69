//! Addresses on the web and of e-mail.

use std::sync::LazyLock;

use regex::Regex;

use super::claims::Claims;
use super::fact::{Fact, FactKind};

static EMAIL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
        .expect("the pattern is a valid literal")
});

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?i)(?:https?://|\bwww\.)[^\s<>"'`\]}»”]+|\b[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|org|net|io|dev|app|ai|edu|gov|eu|de|fr|es|co\.uk|uk)\b(?:/[^\s<>"'`\]}»”]*)?"#,
    )
    .expect("the pattern is a valid literal")
});

/// Finds e-mail addresses, then links.
pub(super) fn find(text: &str, claims: &mut Claims, found: &mut Vec<Fact>) {
    for address in EMAIL.find_iter(text) {
        let value = address.as_str().trim_end_matches(['.', '-']);
        let span = address.start()..address.start() + value.len();
        if claims.take(&span) {
            found.push(Fact::plain(FactKind::Email, value.to_lowercase(), span));
        }
    }
    for link in LINK.find_iter(text) {
        let written = link.as_str().trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '*', '_']);
        let span = link.start()..link.start() + written.len();
        if claims.take(&span) {
            found.push(Fact::plain(FactKind::Link, normalized(written), span));
        }
    }
}

/// Returns the address without its scheme, `www.` and a last slash; the host in lower case.
fn normalized(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
    let end = bare.find(['/', '?', '#']).unwrap_or(bare.len());
    let (host, path) = bare.split_at(end);
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    format!("{host}{}", path.trim_end_matches('/'))
}
