//! Putting texts of others into Markdown so that they stay texts.

use crate::grid::Grid;
use crate::text::{append, one_line};

/// Writes a text into a line or table cell: no markup, no HTML and no mention of a user takes effect.
pub(crate) fn inline(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in one_line(text).chars() {
        match character {
            '&' | '<' | '>' | '|' | '`' | '*' | '_' | '~' | '[' | ']' | '\\' | '$' | '#' => {
                append(&mut escaped, format_args!("&#{};", u32::from(character)));
            }
            // GitHub looks for mentions in the rendered text; the comment keeps sign and name apart.
            '@' => escaped.push_str("@<!-- -->"),
            other => escaped.push(other),
        }
    }
    // An address that somebody else wrote does not become a link.
    escaped.replace("://", "&#58;//")
}

/// Writes a text as HTML code in a line.
pub(crate) fn code(text: &str) -> String {
    format!("<code>{}</code>", inline(text))
}

/// Writes a text between fences that are longer than any run of backticks in it.
pub(crate) fn fenced(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

/// Writes a table, its numbers to the right; they are evalward's own and need no escape, unlike the names above them.
pub(crate) fn table(grid: &Grid) -> String {
    let line = |cells: &[String]| {
        let (labels, numbers) = cells.split_at(grid.labels.min(cells.len()));
        let labels = labels.iter().map(|label| inline(label));
        let cells: Vec<String> = labels.chain(numbers.iter().cloned()).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let align = |index| if index < grid.labels { " --- |" } else { " ---: |" };
    let rule: String = (0..grid.header.len()).map(align).collect();
    let rows: String = grid.rows.iter().map(|row| line(row)).collect();
    let header: Vec<String> = grid.header.iter().map(|name| inline(name)).collect();
    format!("| {} |\n|{rule}\n{rows}", header.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_outgrow_what_they_hold() {
        assert_eq!(fenced("a"), "```text\na\n```\n");
        assert_eq!(fenced("```\n````"), "`````text\n```\n````\n`````\n");
    }

    #[test]
    fn markup_of_others_has_no_effect() {
        assert_eq!(inline("</details> a|b"), "&#60;/details&#62; a&#124;b");
        assert_eq!(inline("@team [x](y)"), "@<!-- -->team &#91;x&#93;(y)");
    }
}
