//! E-mail addresses.

use super::surroundings::{after, slice};
use crate::{Finding, FindingKind};

/// Domains reserved for documentation and tests: RFC 2606 and RFC 6761.
const EXAMPLE_DOMAINS: [&str; 7] =
    ["example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"];

/// What the name of a file ends in and no domain: `logo@2x.png`, `getty@tty1.service`.
const FILE_ENDINGS: [&str; 11] =
    ["png", "jpg", "jpeg", "gif", "svg", "webp", "service", "socket", "timer", "target", "mount"];

/// Looks left and right of every `@`, so the text between two of them is read
/// twice at most.
pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    // In the address of a page the sign is percent-encoded.
    for (at, sign) in text.match_indices('@').chain(text.match_indices("%40")) {
        let Some(start) = local_start(text, at) else { continue };
        let Some(end) = domain_end(text, at + sign.len()) else { continue };
        let domain = slice(text, at + sign.len()..end);
        let is_path_of_git = slice(text, start..at) == "git" && after(text, end) == Some(':');
        if !is_path_of_git && !is_file(domain) && !is_password_in_url(text, start) {
            let is_example = is_example(domain);
            findings.push(Finding { kind: FindingKind::Email, span: start..end, is_example });
        }
    }
}

/// Returns where the part before the `@` starts, if there is one.
fn local_start(text: &str, at: usize) -> Option<usize> {
    let mut start = at;
    for (index, character) in slice(text, 0..at).char_indices().rev() {
        let is_double_dot = character == '.' && after(text, start) == Some('.');
        if is_double_dot || !(character.is_alphanumeric() || "._%+-'".contains(character)) {
            break;
        }
        start = index;
    }
    let local = slice(text, start..at);
    let trimmed = local.trim_start_matches(['.', '-', '\'', '%', '+']);
    let is_valid = !trimmed.is_empty() && !trimmed.ends_with('.');
    is_valid.then(|| at - trimmed.len())
}

/// Returns where the domain that starts at `start` ends, if it is one: labels
/// with dots between them, the last of letters.
fn domain_end(text: &str, start: usize) -> Option<usize> {
    let rest = slice(text, start..text.len());
    let length = rest
        .find(|character: char| !(character.is_alphanumeric() || ".-".contains(character)))
        .unwrap_or(rest.len());
    let mut domain = slice(rest, 0..length);
    if let Some(dots) = domain.find("..") {
        domain = slice(domain, 0..dots);
    }
    // Text that follows a domain without a space, such as `x.com.` or
    // `x.com-2`, is not part of it: labels are dropped until the last one fits.
    loop {
        domain = domain.trim_end_matches(['.', '-']);
        let (labels, last) = domain.rsplit_once('.')?;
        if is_top_level(last) && !labels.is_empty() && !labels.starts_with(['.', '-']) {
            return Some(start + domain.len());
        }
        domain = match last.split_once('-') {
            Some((head, _)) if is_top_level(head) => {
                slice(domain, 0..labels.len() + 1 + head.len())
            }
            _ => labels,
        };
    }
}

fn is_top_level(label: &str) -> bool {
    let is_international = label.starts_with("xn--");
    is_international || (label.chars().nth(1).is_some() && label.chars().all(char::is_alphabetic))
}

fn is_file(domain: &str) -> bool {
    let ending = domain.rsplit('.').next().unwrap_or_default();
    FILE_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// Tells whether what stands before the `@` is the end of the password in `scheme://user:password@host`.
fn is_password_in_url(text: &str, start: usize) -> bool {
    const LONGEST_LEAD: usize = 128;
    let lead = slice(text, 0..start);
    let lead = slice(lead, lead.floor_char_boundary(start.saturating_sub(LONGEST_LEAD))..start);
    let behind_scheme = lead.rsplit_once("://").map(|(_, behind)| behind);
    behind_scheme.and_then(|behind| behind.split_once(':')).is_some_and(|(user, password)| {
        let is_foreign = |it: char| it.is_whitespace() || "/@[]?#".contains(it);
        !user.is_empty() && !user.contains(is_foreign) && !password.contains(is_foreign)
    })
}

fn is_example(domain: &str) -> bool {
    let domain = domain.to_ascii_lowercase();
    EXAMPLE_DOMAINS.iter().any(|reserved| {
        domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    })
}
