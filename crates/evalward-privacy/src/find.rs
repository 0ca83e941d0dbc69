//! Runs the detectors and joins what they report.

use crate::detect::DETECTORS;
use crate::{Finding, FindingKind};

/// Returns what looks like personal data or a secret, in the order of the text
/// and without overlaps.
///
/// Findings that overlap are joined to one that spans all of them and has the
/// most telling kind. Takes time linear in the text.
pub fn find(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for detect in DETECTORS {
        detect(text, &mut findings);
    }
    findings.sort_by(|a, b| {
        (a.span.start, a.span.end, a.kind).cmp(&(b.span.start, b.span.end, b.kind))
    });
    let mut joined: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        match joined.last_mut() {
            Some(last) if finding.span.start < last.span.end => join(last, &finding),
            _ => joined.push(finding),
        }
    }
    joined
}

fn join(last: &mut Finding, finding: &Finding) {
    last.span.end = last.span.end.max(finding.span.end);
    last.kind = FindingKind::min(last.kind, finding.kind);
    last.is_example &= finding.is_example;
}
