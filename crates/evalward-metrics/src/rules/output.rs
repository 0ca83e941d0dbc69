//! An output, where it comes from, and its derived forms, each made once however many rules ask for it.

use std::cell::OnceCell;

use evalward_core::{Example, Reply};
use evalward_privacy::Finding;
use minijinja::Value;

use crate::folded::Case;
use crate::occurrence::Haystack;
use crate::rules::expression::values_of;

/// The output of a response, as the rules see it.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    pub(crate) text: &'a str,
    example: &'a Example,
    reply: &'a Reply,
    folded: OnceCell<Haystack<'a>>,
    kept: OnceCell<Haystack<'a>>,
    findings: OnceCell<Vec<Finding>>,
    values: OnceCell<Value>,
}

impl<'a> Output<'a> {
    pub(crate) fn new(example: &'a Example, reply: &'a Reply) -> Self {
        Self {
            text: &reply.response.output,
            example,
            reply,
            folded: OnceCell::new(),
            kept: OnceCell::new(),
            findings: OnceCell::new(),
            values: OnceCell::new(),
        }
    }

    pub(crate) fn haystack(&self, case: Case) -> &Haystack<'a> {
        let cell = match case {
            Case::Folded => &self.folded,
            Case::Kept => &self.kept,
        };
        cell.get_or_init(|| Haystack::new(self.text, case))
    }

    /// Returns what an expression can read.
    pub(crate) fn values(&self) -> &Value {
        self.values.get_or_init(|| values_of(self.example, self.reply))
    }

    /// Returns the personal data and the secrets in the text.
    pub(crate) fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| evalward_privacy::find(self.text))
    }
}
