//! Pieces of markup.

use evalward_core::visible;

use crate::grid::Grid;
use crate::overall::Titled;
use crate::text::{append, escaped, one_line};

/// Writes a text of others as text, its line ends kept.
pub(super) fn text(text: &str) -> String {
    escaped(&visible(text))
}

/// Writes a text of others on one line.
pub(super) fn line(text: &str) -> String {
    escaped(&one_line(text))
}

/// A table whose cells are markup already.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The number of columns that hold words; the others hold numbers.
    pub(super) labels: usize,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn of(grid: &Grid) -> Self {
        Self {
            labels: grid.labels,
            header: grid.header.iter().map(|it| line(it)).collect(),
            rows: grid.rows.iter().map(|row| row.iter().map(|it| line(it)).collect()).collect(),
        }
    }

    /// Puts a column of pictures behind another one.
    pub(super) fn insert(&mut self, at: usize, title: &str, cells: Vec<String>) {
        self.header.insert(at.min(self.header.len()), title.to_owned());
        for (row, cell) in self.rows.iter_mut().zip(cells) {
            row.insert(at.min(row.len()), cell);
        }
    }

    /// Writes the table; it scrolls sideways where the page is narrower, for those with a keyboard too.
    pub(super) fn write(&self, name: &str) -> String {
        let mut out = format!(
            "<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{0}\"><table><thead><tr>",
            line(name)
        );
        for (index, title) in self.header.iter().enumerate() {
            let class = if index < self.labels { "" } else { " class=\"number\"" };
            // A header without a text would name nothing to those who listen.
            let tag = if title.is_empty() { "td" } else { "th" };
            let scope = if title.is_empty() { "" } else { " scope=\"col\"" };
            append(&mut out, format_args!("<{tag}{scope}{class}>{title}</{tag}>"));
        }
        out.push_str("</tr></thead><tbody>\n");
        for row in &self.rows {
            out.push_str("<tr>");
            for (index, cell) in row.iter().enumerate() {
                let class = if index < self.labels { "" } else { " class=\"number\"" };
                let (tag, scope) = if index == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
                append(&mut out, format_args!("<{tag}{scope}{class}>{cell}</{tag}>"));
            }
            out.push_str("</tr>\n");
        }
        out.push_str("</tbody></table></div>\n");
        out
    }
}

/// Writes a table with its title and what to know about it.
pub(super) fn titled(it: &Titled) -> String {
    let mut out = format!("<h3>{}</h3>\n", line(&it.title));
    if let Some(grid) = &it.grid {
        out.push_str(&Table::of(grid).write(&it.title));
    }
    for note in it.note.iter().flat_map(|note| note.lines()) {
        append(&mut out, format_args!("<p class=\"note\">{}</p>\n", line(note)));
    }
    out
}

/// Makes a part of another page of a picture that stands alone: without a style, and with names of its own.
pub(super) fn inline_svg(svg: &str, name: &str) -> String {
    let (before, rest) = svg.split_once("<style>").unwrap_or((svg, ""));
    let after = rest.split_once("</style>\n").map_or(rest, |(_, after)| after);
    format!("{before}{after}")
        .replacen("id=\"title\"", &format!("id=\"{name}-title\""), 1)
        .replacen("id=\"desc\"", &format!("id=\"{name}-desc\""), 1)
        .replacen(
            "aria-labelledby=\"title desc\"",
            &format!("class=\"plot\" aria-labelledby=\"{name}-title {name}-desc\""),
            1,
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_others_stay_texts() {
        assert_eq!(text("<b>\n\u{202e}&\""), "&lt;b&gt;\n\\u{202e}&amp;&quot;");
        assert_eq!(line(" a\n<b> "), "a &lt;b&gt;");
    }
}
