//! Keys that carry their provider's prefix.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::surroundings::slice;
use crate::{Finding, FindingKind};

/// Each alternative is one run of characters behind a literal, so that a search
/// never looks far ahead for nothing.
static KEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?-u:\b)(?:",
        // OpenAI and Anthropic, and those who follow them.
        r"sk-(?P<free>[A-Za-z0-9_-]{20,})",
        // Amazon: long-term and temporary key ids.
        r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?-u:\b)",
        // GitHub and GitLab.
        r"|gh[pousr]_[A-Za-z0-9]{30,}",
        r"|github_pat_[A-Za-z0-9_]{22,}",
        r"|glpat-[A-Za-z0-9_-]{20,}",
        // Slack.
        r"|xox[abeoprs]-[A-Za-z0-9-]{10,}",
        r"|xapp-[A-Za-z0-9-]{10,}",
        // Google.
        r"|AIza[A-Za-z0-9_-]{35}",
        // Stripe.
        r"|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}",
        // Twilio: an API key, in capitals as issued.
        r"|SK[0-9a-f]{32}(?-u:\b)",
        // PyPI: the start of its own kind of token.
        r"|pypi-AgEI[A-Za-z0-9_-]{50,}",
        // Azure: the key of a storage account or a bus within a connection string.
        r"|(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{43,86}={1,2}",
        // Shopify, DigitalOcean, Docker, Databricks, Linear, Replicate, xAI, Perplexity.
        r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}",
        r"|do[opr]_v1_[a-f0-9]{64}",
        r"|dckr_(?:pat|oat)_[A-Za-z0-9_-]{24,}",
        r"|dapi[a-f0-9]{32}(?-u:\b)",
        r"|lin_api_[A-Za-z0-9]{32,}",
        r"|r8_[A-Za-z0-9]{37}",
        r"|(?:xai|pplx)-[A-Za-z0-9]{40,}",
        // Hugging Face, npm, Groq, SendGrid.
        r"|hf_[A-Za-z0-9]{30,}",
        r"|npm_[A-Za-z0-9]{36}",
        r"|gsk_[A-Za-z0-9]{40,}",
        r"|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
        // The monitor's own.
        r"|ew_[A-Za-z0-9_-]{43}",
        r")",
    ))
    .expect("the pattern is a constant that the tests compile")
});

pub(super) fn detect(text: &str, findings: &mut Vec<Finding>) {
    for captures in KEY.captures_iter(text) {
        let Some(key) = captures.get(0) else { continue };
        if captures.name("free").is_none_or(|body| is_key_body(body.as_str())) {
            let span = trim(text, key.range());
            findings.push(Finding::new(FindingKind::ApiKey, span));
        }
    }
}

/// Tells a key from words with hyphens, such as the name of a style class or of a kind of key (`sk-ssh-ed25519-cert`).
fn is_key_body(body: &str) -> bool {
    let has_digit = |piece: &str| piece.bytes().any(|byte| byte.is_ascii_digit());
    body.split(['-', '_']).any(|piece| piece.len() >= 20 || (piece.len() >= 10 && has_digit(piece)))
}

/// A dash that follows a key belongs to the sentence.
fn trim(text: &str, span: Range<usize>) -> Range<usize> {
    let key = slice(text, span.clone());
    span.start..span.start + key.trim_end_matches('-').len()
}
