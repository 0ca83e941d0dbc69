//! Links to allowed hosts only.

use evalward_metrics::Constraints;
use serde_json::{Value, json};

use crate::support::{by_rules, first_rule, rules, written, written_error};

fn allowed() -> Value {
    json!({"allowed_links": ["example.com", "docs.acme.org/help"]})
}

#[track_caller]
fn check_holds(output: &str) {
    assert_eq!(written(&by_rules(allowed(), output)), "passed 1", "{output}");
}

/// Checks that exactly this part of the output breaks the rule, and what is said of it.
#[track_caller]
fn check_broken(output: &str, link: &str, problem: &str) {
    let measurement = by_rules(allowed(), output);
    assert_eq!(written(&measurement), format!("failed 0\nc: has {problem}"), "{output}");
    let rule = first_rule(&measurement);
    let spans: Vec<&str> = rule["spans"]
        .as_array()
        .unwrap()
        .iter()
        .map(|span| {
            let place = |end: &str| usize::try_from(span[end].as_u64().unwrap()).unwrap();
            output.get(place("start")..place("end")).unwrap()
        })
        .collect();
    assert_eq!(spans, [link], "{output}");
}

#[test]
fn links_to_the_hosts_and_their_sub_domains_hold() {
    for output in [
        "no link at all, e.g. none",
        "See https://example.com/a?b=c#d, HTTP://WWW.EXAMPLE.COM. And (example.com)!",
        "https://shop.eu.example.com:8443/x and https://example.com./",
        "[help](https://docs.acme.org/help) or <https://docs.acme.org/help/a/../b>",
        "![logo](/logo.png) [top](#top) [next](page.html?x=1) [up](../a)",
        "Write to jane@evil.io or mailto:jane@evil.io, call [us](tel:+123) or [me](mailto:a@evil.io)",
        "https://example.com/@user/page and https://example.com/?u=https://evil.io",
        "{\"link\": \"https:\\/\\/example.com\\/a\\n\"}",
        "in main.rs and README.md, at 3.14 and 10.0.0.1, version 1.2.3.de",
        "I like it.It is good. Thanks.Support will help; Mr.No, i.e. U.S. or a.m.",
        "put https:// before it",
    ] {
        check_holds(output);
    }
}

#[test]
fn links_elsewhere_break_the_rule() {
    check_broken(
        "Go to https://evil.io/a.",
        "https://evil.io/a",
        "a link to `evil.io/a` at byte 6",
    );
    check_broken("(see www.evil.zz)", "www.evil.zz", "a link to `www.evil.zz` at byte 5");
    check_broken("Try evil.io, now", "evil.io", "a link to `evil.io` at byte 4");
    check_broken("Try evil.com.Then go", "evil.com", "a link to `evil.com` at byte 4");
    check_broken("Try Evil.SH/x", "Evil.SH/x", "a link to `evil.sh/x` at byte 4");
    check_broken("[a](https://evil.io (t))", "https://evil.io", "a link to `evil.io` at byte 4");
    check_broken("[a]\n\n[a]: //evil.io/x", "//evil.io/x", "a link to `evil.io/x` at byte 10");
    check_broken("<a href='//evil.io'>x</a>", "//evil.io", "a link to `evil.io` at byte 9");
    check_broken("http://10.0.0.1/x", "http://10.0.0.1/x", "a link to `10.0.0.1/x` at byte 0");
    check_broken(
        "ftp://example.com/a",
        "ftp://example.com/a",
        "a link with the scheme `ftp` at byte 0",
    );
    check_broken(
        "https://docs.acme.org/about",
        "https://docs.acme.org/about",
        "a link to `docs.acme.org/about` at byte 0",
    );
    check_broken("https://acme.org", "https://acme.org", "a link to `acme.org` at byte 0");
}

#[test]
fn no_trick_makes_a_host_look_allowed() {
    for (link, host) in [
        ("https://example.com.evil.io", "example.com.evil.io"),
        ("example.com.evil.io", "example.com.evil.io"),
        ("example.com.new", "example.com.new"),
        ("https://evilexample.com", "evilexample.com"),
        ("https://evil.io/?u=example.com", "evil.io"),
        ("https://evil.io#example.com", "evil.io"),
        ("https://evil.io/example.com", "evil.io/example.com"),
        ("https:/\\evil.io", "evil.io"),
        ("https:\\/\\/evil.io", "evil.io"),
        ("https://docs.acme.org/help/../admin", "docs.acme.org/admin"),
        ("https://docs.acme.org/help/%2e%2e/admin", "docs.acme.org/admin"),
        ("https://docs.acme.org/help/..%2fadmin", "docs.acme.org/help/..%2fadmin"),
        ("https://docs.acme.org/helpless", "docs.acme.org/helpless"),
        // A Cyrillic letter, in the form that tells it.
        ("https://ex\u{430}mple.com", "xn--exmple-4nf.com"),
        ("ex\u{430}mple.com", "xn--exmple-4nf.com"),
        ("https://example\u{3002}com\u{ff0e}evil.io", "example.com.evil.io"),
    ] {
        check_broken(link, link, &format!("a link to `{host}` at byte 0"));
    }
    for link in
        ["https://example.com@evil.io", "https://example.com\\@evil.io", "http://a:b@example.com"]
    {
        check_broken(
            link,
            link,
            &format!("a link with a user before its host, `{link}` at byte 0"),
        );
    }
    check_holds("https://EXAMPLE\u{ff0e}com and https://\u{200b}example.com");
}

#[test]
fn what_runs_or_hides_is_no_link() {
    for (link, problem) in [
        ("javascript:alert(1)", "a link with the scheme `javascript`"),
        ("JavaScript:alert(1)", "a link with the scheme `javascript`"),
        ("data:text/html;base64,PGI+", "a link with the scheme `data`"),
        ("file:///etc/passwd", "a link with the scheme `file`"),
    ] {
        check_broken(link, link, &format!("{problem} at byte 0"));
        let output = format!("[x](<{link}>)");
        check_broken(&output, link, &format!("{problem} at byte 5"));
    }
    check_broken(
        "<a href=\"java\tscript:alert(1)\">",
        "java\tscript:alert(1)",
        "a link with the scheme `javascript` at byte 9",
    );
    check_broken(
        "[x](javascript&#58;alert)",
        "javascript&#58;alert",
        "a link that cannot be read, `javascript&#58;alert` at byte 4",
    );
    check_broken(
        "https://[::1",
        "https://[::1",
        "a link that cannot be read, `https://[::1` at byte 0",
    );
    check_holds("JavaScript: a language. The data: see below.");
}

#[test]
fn an_empty_list_allows_no_link() {
    let none = json!({"allowed_links": []});
    assert_eq!(written(&by_rules(none.clone(), "no link")), "passed 1");
    let many = by_rules(none, &"a.com ".repeat(12));
    assert!(written(&many).ends_with("a link to `a.com` at byte 54 and 2 more"));
    assert_eq!(first_rule(&many)["count"], 12);
}

#[test]
fn an_entry_that_is_no_host_is_refused() {
    for (entry, why) in [
        ("https://example.com", "write the host without a scheme; http and https are meant"),
        ("*.example.com", "sub-domains are allowed as it is; leave the `*` out"),
        ("", "it is no host, such as `example.com`"),
        ("exa mple.com", "only a host and a path are compared"),
        ("example.com?x", "only a host and a path are compared"),
    ] {
        let rules = rules(json!({"allowed_links": [entry]}));
        let error = Constraints::new(&[("c".to_owned(), rules)]).unwrap_err();
        let expected = format!("compile `allowed_links` of constraint `c` from `{entry}`: {why}");
        assert_eq!(written_error(&error), expected);
    }
}
