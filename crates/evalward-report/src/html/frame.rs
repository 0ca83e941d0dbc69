//! The frame of a page whose only script turns it light or dark.

use std::io::Write;

use super::markup::line;
use super::page::STYLE;
use super::policy::policy;
use crate::ReportError;

/// The script, in pieces that read one after the other.
const SCRIPT: &str = concat!(
    "\"use strict\";\n{\n",
    include_str!("script/dom.js"),
    include_str!("script/theme.js"),
    include_str!("script/start_plain.js"),
    "}\n"
);

const TOOLS: &str = "<div class=\"tools\" id=\"tools\" hidden>\
<button type=\"button\" id=\"theme\">Theme: <span id=\"theme-name\">as the system</span> <kbd>t</kbd></button></div>";

/// Writes all that stands before a page's own parts; `target` is what those who skip the head of the page come to.
pub(super) fn start(
    title: &str,
    target: &str,
    skip: &str,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let title = line(title);
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#{target}\">{skip}</a>\n<header>\n<h1>{title}</h1>\n{TOOLS}\n</header>\n<main>",
        policy(SCRIPT, STYLE),
    )?;
    Ok(())
}

/// Writes all that stands behind a page's own parts.
pub(super) fn end(tool_version: &str, out: &mut dyn Write) -> Result<(), ReportError> {
    writeln!(
        out,
        "</main>\n<footer><p>evalward {}. This page loads nothing and sends nothing.</p></footer>\n<script>{SCRIPT}</script>\n</body>\n</html>",
        line(tool_version)
    )?;
    Ok(())
}
