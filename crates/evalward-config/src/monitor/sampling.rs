//! What is checked about sampling.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use evalward_core::Rate;
use regex::Regex;
use toml::Spanned;

use super::check::Checker;
use super::file::{AlwaysTable, SamplingTable};
use super::{AlwaysSampled, SamplingConfig, SegmentKey};
use crate::suggest::nearest;

/// The probability of ordinary interactions where nobody says otherwise: 5 %.
const BASE_RATE: f64 = 0.05;

impl Checker<'_> {
    pub(super) fn sampling(&mut self, table: &SamplingTable) -> SamplingConfig {
        let base_rate = table
            .base_rate
            .as_ref()
            .map_or_else(|| Rate::new(BASE_RATE).unwrap_or(Rate::ONE), |rate| *rate.get_ref());
        let segment_by = table
            .segment_by
            .as_ref()
            .map_or_else(|| vec![SegmentKey::Hour], |keys| keys.get_ref().clone());
        if let Some(place) = &table.segment_by {
            self.check_distinct(&segment_by, &place.span());
        }
        let mut segments = BTreeMap::new();
        for (part, rate) in &table.segments {
            if let Some(part) = self.segment_part(part, &segment_by) {
                segments.insert(part, *rate);
            }
        }
        let always = self.always(&table.always);
        let sampling = SamplingConfig { base_rate, segment_by, segments, always };
        self.check_samples_something(&sampling, table.base_rate.as_ref());
        sampling
    }

    fn check_distinct(&mut self, keys: &[SegmentKey], span: &Range<usize>) {
        for (index, key) in keys.iter().enumerate() {
            if keys[..index].contains(key) {
                let message = format!("`{key}` stands twice in `segment_by`");
                self.resolver.refuse(message, span, Some("name each property once"));
            }
        }
    }

    /// Checks that a segment's part could occur, and brings it into the form in which it does.
    fn segment_part(&mut self, part: &Spanned<String>, keys: &[SegmentKey]) -> Option<String> {
        let Some((name, value)) = part.get_ref().split_once('=') else {
            let message = format!("`{}` is not the part of a segment", part.get_ref());
            let help = "write a property and its value, such as `\"environment=staging\"`";
            self.resolver.refuse(message, &part.span(), Some(help));
            return None;
        };
        let names: Vec<_> = keys.iter().map(SegmentKey::name).collect();
        if !names.iter().any(|known| known == name) {
            let message = format!("no segment has a part `{name}`");
            let help = match nearest(name, names.iter().map(AsRef::as_ref)) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("add `{name}` to `sampling.segment_by`"),
            };
            self.resolver.refuse(message, &part.span(), Some(&help));
            return None;
        }
        if name != "hour" {
            return Some(part.get_ref().clone());
        }
        if let Some(hour) = value.parse::<u8>().ok().filter(|hour| *hour < 24) {
            return Some(format!("hour={hour:02}"));
        }
        let message = format!("`{value}` is not an hour of the day");
        self.resolver.refuse(message, &part.span(), Some("write a number from 0 to 23, in UTC"));
        None
    }

    fn always(&mut self, table: &AlwaysTable) -> AlwaysSampled {
        let mut patterns = Vec::new();
        for (name, pattern) in &table.patterns {
            match Regex::new(pattern.get_ref()) {
                Ok(regex) => {
                    if regex.is_match("") {
                        self.warnings.push(format!(
                            "the pattern `{name}` matches the empty text, and with it every input"
                        ));
                    }
                    patterns.push((name.clone(), regex));
                }
                Err(error) => {
                    // The crate draws a picture of the pattern; its last line says what is wrong.
                    let error = error.to_string();
                    let reason = error.lines().last().unwrap_or_default();
                    let reason = reason.trim_start_matches("error: ");
                    let message = format!("pattern `{name}` is no regular expression: {reason}");
                    self.resolver.refuse(message, &pattern.span(), None);
                }
            }
        }
        AlwaysSampled {
            errors: table.errors.unwrap_or(true),
            negative_feedback: table.negative_feedback.unwrap_or(true),
            slow: table.slow.map(|slow| -> Duration { slow.0 }),
            patterns,
        }
    }

    fn check_samples_something(
        &mut self,
        sampling: &SamplingConfig,
        place: Option<&Spanned<Rate>>,
    ) {
        let Some(place) = place.filter(|rate| *rate.get_ref() == Rate::ZERO) else { return };
        let always = &sampling.always;
        let samples_some = always.errors
            || always.negative_feedback
            || always.slow.is_some()
            || !always.patterns.is_empty()
            || sampling.segments.values().any(|rate| *rate > Rate::ZERO);
        if samples_some {
            let text = "`sampling.base_rate` is 0: ordinary interactions are never evaluated, so no rate speaks for them";
            self.warnings.push(text.to_owned());
        } else {
            self.resolver.refuse(
                "no interaction could ever become a sample",
                &place.span(),
                Some("take a base rate above 0, or something that is always sampled"),
            );
        }
    }
}
