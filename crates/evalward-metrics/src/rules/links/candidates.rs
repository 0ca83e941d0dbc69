//! What in a text a reader could follow.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::domains::domain_length;

/// A part of the output that a reader, or the page that shows it, could take for a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
}

/// How a link is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With its scheme: `https://example.com`.
    Address,
    /// As the target in Markdown or HTML, which may also be relative.
    Target,
    /// As a name alone: `example.com/help`.
    Name,
}

/// The target of `[text](target)`, of `[label]: target` and of an attribute in HTML.
static TARGET: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"\]\(\s*(?:<(?P<fenced>[^>\n]*)>|(?P<inline>[^)\s]+))",
        r"|(?m:^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*<?(?P<defined>[^\s>]+))",
        r#"|(?i:\b(?:href|src|action|formaction|poster|background)\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'"#,
        r#"|(?P<bare>[^\s"'>]+)))"#,
    ))
});

/// A scheme with slashes of either kind, which browsers read alike, and the schemes that run or hold a document.
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r#"(?i:[a-z][a-z0-9+.-]{0,30}:[/\\]{2}[^\s<>"`]*"#,
        r#"|\b(?:javascript|vbscript):[^\s<>"`]+|\bdata:[a-z]+/[a-z0-9.+-]+[;,][^\s<>"`]*)"#,
    ))
});

/// A name with dots, with a port and a path where it has them.
static NAME: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?P<name>[\p{L}\p{N}\p{M}_-]+(?:\.[\p{L}\p{N}\p{M}_-]+)+)",
        r#"(?P<path>(?::[0-9]{1,5})?(?:[/?#][^\s<>"`]*)?)"#,
    ))
});

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is a constant that the tests compile")
}

/// Returns the candidates in the order of the text; of those that overlap only the first and longest.
pub(super) fn candidates(text: &str) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = Vec::new();
    for captures in TARGET.captures_iter(text) {
        let groups = ["fenced", "inline", "defined", "double", "single", "bare"];
        let target = groups.into_iter().find_map(|group| captures.name(group));
        all.extend(target.map(|found| Candidate { span: found.range(), form: Form::Target }));
    }
    for found in ADDRESS.find_iter(text) {
        let span = trimmed(text, found.range());
        // "Put https:// before it" has no address.
        let link = text.get(span.clone()).unwrap_or_default();
        if !link.trim_end_matches(['/', '\\']).ends_with(':') && link.contains(':') {
            all.push(Candidate { span, form: Form::Address });
        }
    }
    for captures in NAME.captures_iter(text) {
        let (Some(name), Some(path)) = (captures.name("name"), captures.name("path")) else {
            continue;
        };
        if follows_a_link(text, name.start()) {
            continue;
        }
        let length = domain_length(name.as_str(), !path.is_empty());
        if length > 0 {
            let is_whole = length == name.as_str().len();
            let end = if is_whole { path.end() } else { name.start() + length };
            let span = trimmed(text, name.start()..end);
            all.push(Candidate { span, form: Form::Name });
        }
    }
    // Of two that start alike the target comes first: it may hold what the others stop at.
    all.sort_by_key(|candidate| candidate.span.start);
    let mut end = 0;
    all.retain(|candidate| {
        let is_new = candidate.span.start >= end && !candidate.span.is_empty();
        if is_new {
            end = candidate.span.end;
        }
        is_new
    });
    all
}

/// A name behind these is the domain of an e-mail address, or part of a path.
fn follows_a_link(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|text| text.chars().next_back());
    before.is_some_and(|letter| "@/\\.".contains(letter) || letter.is_alphanumeric())
}

/// Leaves out the marks of the sentence around a link, and a bracket that was opened before it.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let mut link = text.get(span.clone()).unwrap_or_default();
    let opened = |link: &str, mark: char| link.matches(mark).count();
    let mut brackets = opened(link, '(') < opened(link, ')');
    loop {
        link = link
            .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', ']', '}', '|']);
        match link.strip_suffix(')') {
            Some(rest) if brackets => {
                link = rest;
                brackets = opened(link, '(') < opened(link, ')');
            }
            _ => return span.start..span.start + link.len(),
        }
    }
}
