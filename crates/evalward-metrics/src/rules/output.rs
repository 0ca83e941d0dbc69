//! An output with its derived forms, each made once however many rules ask for it.

use std::cell::OnceCell;

use evalward_privacy::Finding;

use crate::folded::Case;
use crate::occurrence::Haystack;

/// The output of a response, as the rules see it.
#[derive(Debug)]
pub(crate) struct Output<'a> {
    pub(crate) text: &'a str,
    folded: OnceCell<Haystack<'a>>,
    kept: OnceCell<Haystack<'a>>,
    findings: OnceCell<Vec<Finding>>,
}

impl<'a> Output<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, folded: OnceCell::new(), kept: OnceCell::new(), findings: OnceCell::new() }
    }

    pub(crate) fn haystack(&self, case: Case) -> &Haystack<'a> {
        let cell = match case {
            Case::Folded => &self.folded,
            Case::Kept => &self.kept,
        };
        cell.get_or_init(|| Haystack::new(self.text, case))
    }

    /// Returns the personal data and the secrets in the text.
    pub(crate) fn findings(&self) -> &[Finding] {
        self.findings.get_or_init(|| evalward_privacy::find(self.text))
    }
}
