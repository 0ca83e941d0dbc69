//! Texts that the output must contain.

use evalward_core::{BoxFuture, Example, Measurement, Metric, Reply, Score};
use serde_json::{Value, json};

use crate::folded::Case;
use crate::occurrence::{Haystack, Needle};
use crate::wording::{NO_REFERENCE, quoted_list, span_with_text};
use crate::{MetricError, Place};

/// What to look for, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContainsOptions {
    /// Texts that must all occur; without them the output must contain one of the example's references.
    pub texts: Option<Vec<String>>,
    /// Compares letter by letter; by default case is folded.
    pub case_sensitive: bool,
    /// Lets texts match only between word boundaries.
    pub word_bounded: bool,
}

/// Whether the output contains certain texts or, without them, the expected output or one of the acceptable ones.
#[derive(Clone, Debug)]
pub struct Contains {
    needles: Option<Vec<Needle>>,
    case: Case,
    word_bounded: bool,
}

impl Contains {
    /// Prepares the search.
    ///
    /// # Errors
    /// [`MetricError::CannotFail`] for an empty list of texts and for an empty text, which every output contains.
    pub fn new(options: &ContainsOptions) -> Result<Self, MetricError> {
        let case = Case::sensitive(options.case_sensitive);
        let refused = |why| MetricError::CannotFail { place: Place::of_rule("texts"), why };
        let needles = match &options.texts {
            None => None,
            Some(texts) if texts.is_empty() => return Err(refused("it names no text")),
            Some(texts) if texts.iter().any(String::is_empty) => {
                return Err(refused("every output contains an empty text"));
            }
            Some(texts) => Some(
                texts.iter().map(|text| Needle::new(text, case, options.word_bounded)).collect(),
            ),
        };
        Ok(Self { needles, case, word_bounded: options.word_bounded })
    }

    fn measure(&self, example: &Example, output: &str) -> Measurement {
        let haystack = Haystack::new(output, self.case);
        match &self.needles {
            Some(needles) => all_of(needles, &haystack, output).into(),
            None => self.any_reference(example, &haystack, output),
        }
    }

    fn any_reference(
        &self,
        example: &Example,
        haystack: &Haystack<'_>,
        output: &str,
    ) -> Measurement {
        let references: Vec<&str> = example.references().collect();
        if references.is_empty() {
            return Measurement::Skipped(NO_REFERENCE.to_owned());
        }
        // Every output contains a blank text, which would be a pass of nothing.
        let telling = references.iter().filter(|text| !text.trim().is_empty());
        let needles: Vec<_> =
            telling.map(|text| Needle::new(text, self.case, self.word_bounded)).collect();
        if needles.is_empty() {
            return Measurement::Skipped("has only blank expected outputs".to_owned());
        }
        let found = needles.iter().find_map(|needle| haystack.find(needle));
        match found {
            Some(span) => Score::yes_or_no(true)
                .with_detail(json!({ "found": [span_with_text(output, &span)] }))
                .into(),
            None => Score::yes_or_no(false).with_problem(missing(&needles, "or")).into(),
        }
    }
}

fn all_of(needles: &[Needle], haystack: &Haystack<'_>, output: &str) -> Score {
    let mut found: Vec<Value> = Vec::new();
    let mut absent = Vec::new();
    for needle in needles {
        match haystack.find(needle) {
            Some(span) => found.push(span_with_text(output, &span)),
            None => absent.push(needle.clone()),
        }
    }
    let texts: Vec<_> = absent.iter().map(|needle| &needle.text).collect();
    let detail = json!({ "found": found, "missing": texts });
    let score = Score::yes_or_no(absent.is_empty()).with_detail(detail);
    if absent.is_empty() { score } else { score.with_problem(missing(&absent, "and")) }
}

fn missing(needles: &[Needle], conjunction: &str) -> String {
    let texts = quoted_list(needles.iter().map(|needle| needle.text.as_str()), conjunction);
    format!("the output lacks {texts}")
}

impl Metric for Contains {
    fn kind(&self) -> &'static str {
        "contains"
    }

    fn decides(&self) -> bool {
        true
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output) })
    }
}
