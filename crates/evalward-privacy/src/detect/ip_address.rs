//! IP addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use super::surroundings::{
    before, ends_word, last_word, number_came_before, number_goes_on, slice, starts_word,
};
use crate::{Finding, FindingKind};

/// Four numbers with dots; a global unicast IPv6 address starts with 2 or 3 and
/// is the only kind that can identify somebody.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[23][0-9a-fA-F]{3}:[0-9a-fA-F:]{2,34}")
        .expect("the pattern is a constant that the tests compile")
});

/// Words in front of four numbers that make them a version, or the number of a section.
const VERSION_WORDS: [&str; 10] =
    ["version", "v", "ver", "release", "released", "build", "section", "chapter", "clause", "oid"];

pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for candidate in ADDRESS.find_iter(text) {
        let span = candidate.range();
        let Some(address) = parse(candidate.as_str()) else { continue };
        let stands_alone = starts_word(text, span.start)
            && ends_word(text, span.end)
            && !number_came_before(text, span.start, ".")
            && !number_goes_on(text, span.end, ".");
        if stands_alone && !is_version(text, span.start) {
            let is_example = is_example(address);
            findings.push(Finding { kind: FindingKind::IpAddress, span, is_example });
        }
    }
}

fn parse(candidate: &str) -> Option<IpAddr> {
    let address = candidate.parse().ok()?;
    // `2abc::` and `2abc::f` are more often code than addresses.
    let groups = candidate.split(':').filter(|group| !group.is_empty()).count();
    let is_kept = match address {
        IpAddr::V4(address) => is_of_a_machine(address),
        IpAddr::V6(_) => groups >= 3,
    };
    is_kept.then_some(address)
}

/// Tells whether an address can lead to somebody. Network masks, multicast and what never leaves the machine cannot; four
/// numbers of one digit are versions and sections, or one of the well-known resolvers such as `8.8.8.8`.
fn is_of_a_machine(address: Ipv4Addr) -> bool {
    let octets = address.octets();
    !matches!(octets, [0 | 127 | 224..=255, ..]) && octets.iter().any(|octet| *octet > 9)
}

/// Tells whether the numbers are those of a version: behind a word for it, or glued to a name as in `gettext-0.19.8.1`.
fn is_version(text: &str, start: usize) -> bool {
    let lead = last_word(text, start);
    let is_glued = before(text, start) == Some('-')
        && before(text, start.saturating_sub(1)).is_some_and(char::is_alphabetic)
        && !slice(text, 0..start).ends_with("ip-");
    is_glued || VERSION_WORDS.iter().any(|word| lead.eq_ignore_ascii_case(word))
}

/// Tells whether an address is reserved for documentation, RFC 5737 and RFC
/// 3849, or names no machine on the Internet.
fn is_example(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_reserved(address),
        IpAddr::V6(address) => is_documentation(address),
    }
}

fn is_reserved(address: Ipv4Addr) -> bool {
    address.is_documentation() || address.is_private() || address.is_link_local()
}

fn is_documentation(address: Ipv6Addr) -> bool {
    matches!(address.segments(), [0x2001, 0x0db8, ..])
}
