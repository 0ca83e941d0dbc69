//! Which names with dots count as links without a scheme.

/// Generic top-level domains that answers name; a list of all would take the ends of sentences for links, as in `call.Now`.
const GENERIC: [&str; 54] = [
    "academy", "agency", "app", "bet", "biz", "blog", "cat", "click", "cloud", "club", "com",
    "dev", "digital", "edu", "email", "finance", "global", "gov", "health", "help", "host", "info",
    "int", "jobs", "life", "link", "live", "loan", "login", "media", "mil", "mobi", "museum",
    "net", "news", "one", "online", "org", "page", "pro", "shop", "site", "space", "store",
    "support", "team", "tech", "today", "top", "travel", "website", "work", "world", "xyz",
];

/// Top-level domains of countries and regions.
const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv \
    bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr \
    ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg \
    kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my \
    mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh \
    si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg \
    vi vn vu wf ws ye yt za zm zw рф укр бел срб 中国 公司 网络 한국 भारत";

/// Endings of files that are top-level domains too: a name with one is a link only where a path follows it.
const FILES: [&str; 14] =
    ["ai", "cc", "in", "md", "mk", "ml", "pl", "pm", "ps", "py", "rs", "sh", "so", "zip"];

/// Returns how many bytes of a name with dots are a domain; 0 where none is.
///
/// A sentence that goes on without a space is not part of it, as in `example.com.Then`.
pub(super) fn domain_length(name: &str, has_path: bool) -> usize {
    let starts_like_address = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    let mut end = name.len();
    loop {
        let domain = name.get(..end).unwrap_or_default();
        let Some((labels, last)) = domain.rsplit_once('.') else { return 0 };
        let is_end = end == name.len();
        let is_domain = is_top_level(last, has_path && is_end) && !joins_sentences(labels, last);
        if is_domain || (starts_like_address && is_end && !joins_sentences(labels, last)) {
            // What goes on in small letters may be a domain that no list knows.
            return if goes_on(name, end) { name.len() } else { end };
        }
        end = labels.len();
    }
}

fn goes_on(name: &str, end: usize) -> bool {
    let rest = name.get(end..).unwrap_or_default();
    rest.trim_start_matches('.').starts_with(|first: char| !first.is_uppercase())
}

fn is_top_level(label: &str, has_path: bool) -> bool {
    let label = label.to_lowercase();
    if FILES.contains(&label.as_str()) && !has_path {
        return false;
    }
    GENERIC.contains(&label.as_str())
        || label.starts_with("xn--")
        || COUNTRIES.split_ascii_whitespace().any(|country| country == label)
}

/// Tells a missing space, as in `like it.It is` or `Thanks.Support will`, from a domain; those that are no words always count.
fn joins_sentences(labels: &str, last: &str) -> bool {
    let is_capitalised = |label: &str| {
        let mut letters = label.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(char::is_lowercase)
    };
    let before = labels.rsplit('.').next().unwrap_or_default();
    let is_word = !["com", "net", "org", "io", "dev", "app", "biz", "gov", "edu", "xyz"]
        .contains(&last.to_lowercase().as_str());
    let has_letter = before.contains(char::is_alphabetic);
    is_word && (is_capitalised(last) || !has_letter)
}
