//! Colour, where it is wanted.

use owo_colors::Style;

/// Adds colour to texts, or leaves them as they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) color: bool,
}

impl Paint {
    pub(crate) fn bold(self, text: &str) -> String {
        self.apply(text, Style::new().bold())
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.apply(text, Style::new().dimmed())
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.apply(text, Style::new().red())
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.apply(text, Style::new().green())
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.apply(text, Style::new().yellow())
    }

    fn apply(self, text: &str, style: Style) -> String {
        if self.color { style.style(text).to_string() } else { text.to_owned() }
    }
}
