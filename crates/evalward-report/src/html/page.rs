//! The frame of a page.

use std::io::Write;

use evalward_gate::Decision;
use serde_json::Value;

use super::markup::line;
use super::policy::policy;
use super::rows::ScriptSafe;
use crate::{ReportError, words};

pub(super) const STYLE: &str = include_str!("page.css");

/// The script, in pieces that read one after the other.
const SCRIPT: &str = concat!(
    "\"use strict\";\n{\n",
    include_str!("script/dom.js"),
    include_str!("script/text.js"),
    include_str!("script/diff.js"),
    include_str!("script/marks.js"),
    include_str!("script/data.js"),
    include_str!("script/scores.js"),
    include_str!("script/detail.js"),
    include_str!("script/pair.js"),
    include_str!("script/filter.js"),
    include_str!("script/list.js"),
    include_str!("script/theme.js"),
    include_str!("script/keys.js"),
    include_str!("script/start.js"),
    "}\n"
);

const TOOLS: &str = "<div class=\"tools\" id=\"tools\" hidden>\
<button type=\"button\" id=\"theme\">Theme: <span id=\"theme-name\">as the system</span></button>\
<button type=\"button\" id=\"help-open\">Keys <kbd>?</kbd></button></div>";

/// Where the script shows the examples.
const EXAMPLES: &str = "<section id=\"examples\" aria-labelledby=\"examples-title\" tabindex=\"-1\">\n\
<h2 id=\"examples-title\">Examples</h2>\n<div id=\"app\"><p class=\"note\" id=\"loading\">Search and filters need scripts; the failing examples stand below all the same.</p></div>\n</section>\n";

const HELP: &str = "<dialog id=\"help\" aria-labelledby=\"help-title\"><h2 id=\"help-title\">Keys</h2><dl>\
<dt><kbd>/</kbd></dt><dd>search</dd>\
<dt><kbd>j</kbd> or <kbd>↓</kbd></dt><dd>next example</dd>\
<dt><kbd>k</kbd> or <kbd>↑</kbd></dt><dd>previous example</dd>\
<dt><kbd>n</kbd>, <kbd>p</kbd></dt><dd>next, previous page</dd>\
<dt><kbd>Enter</kbd></dt><dd>open the example</dd>\
<dt><kbd>Esc</kbd></dt><dd>close it, or empty the search</dd>\
<dt><kbd>t</kbd></dt><dd>light or dark</dd>\
<dt><kbd>?</kbd></dt><dd>these keys</dd>\
</dl><form method=\"dialog\"><button>Close</button></form></dialog>\n";

/// Writes all that stands before a page's own parts.
pub(super) fn start(
    title: &str,
    (decision, advice, exit_code): (Decision, &str, u8),
    facts: &[(&str, String)],
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let title = line(title);
    let (class, mark) = match decision {
        Decision::Holds => ("good", "✓"),
        Decision::Failed => ("bad", "✗"),
        Decision::Incomplete => ("unsure", "!"),
        Decision::Inconclusive => ("unsure", "?"),
        Decision::Deferred => ("plain", "…"),
    };
    let word = words::decision(decision);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{word}: {title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#examples\">Go to the examples</a>\n<header>\n<h1>{title}</h1>\n{TOOLS}\n</header>\n<main>\n\
         <section class=\"verdict {class}\" aria-label=\"Decision\">\n<p class=\"decision\"><span aria-hidden=\"true\">{mark}</span> {word}</p>\n\
         <p class=\"advice\">{} <span class=\"exit\">(exit {exit_code})</span></p>\n<dl class=\"facts\">",
        policy(SCRIPT, STYLE),
        // It is written for pages that end with it; on this one all that it points at stands below.
        line(&advice.replace(" above", " below")),
    )?;
    for (name, value) in facts {
        writeln!(out, "<div><dt>{name}</dt><dd>{}</dd></div>", line(value))?;
    }
    out.write_all(b"</dl>\n</section>\n")?;
    Ok(())
}

/// Writes what the script must know beside the examples.
pub(super) fn knowledge(value: &Value, out: &mut dyn Write) -> Result<(), ReportError> {
    out.write_all(b"<script type=\"application/json\" id=\"knowledge\">")?;
    serde_json::to_writer(ScriptSafe { out: &mut *out, bytes: 0 }, value)
        .map_err(ReportError::json("page"))?;
    out.write_all(b"</script>\n")?;
    Ok(())
}

/// Writes the place of the examples, with what was cut of them.
pub(super) fn examples(note: Option<&str>, out: &mut dyn Write) -> Result<(), ReportError> {
    if let Some(note) = note {
        writeln!(out, "<p class=\"note\" id=\"shortened\">{}</p>", line(note))?;
    }
    out.write_all(EXAMPLES.as_bytes())?;
    Ok(())
}

/// Writes all that stands behind a page's own parts.
pub(super) fn end(tool_version: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    writeln!(
        out,
        "</main>\n<footer><p>evalward {}. This page loads nothing and sends nothing.</p></footer>\n{HELP}<script>{SCRIPT}</script>\n</body>\n</html>",
        line(tool_version)
    )?;
    Ok(())
}
