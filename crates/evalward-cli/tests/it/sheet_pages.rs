//! The pages of sheets in a browser.

use evalward_testkit::{Browser, Scratch};
use serde_json::{Value, json};

use crate::sheets::judged_run;
use crate::support::evalward;

/// Opens a rater's page with a script of a test's own behind its own, which leaves what it found in an element.
fn drive(scratch: &Scratch, browser: &Browser, script: &str) -> Value {
    let page = scratch.read("sheet/rater-1.html");
    let driver = format!(
        "<script>window.saved = []; URL.createObjectURL = (blob) => {{ window.saved.push(blob); return 'blob:nothing'; }};\n\
         HTMLAnchorElement.prototype.click = function () {{ window.savedName = this.download; }};\n\
         const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true }}));\n\
         (async () => {{ let found; try {{ found = await (async () => {{ {script} }})(); }} catch (error) {{ found = String(error); }}\n\
         const out = document.createElement('pre'); out.id = 'found'; out.textContent = encodeURIComponent(JSON.stringify(found)); document.body.append(out); }})();</script></body>"
    );
    let copy = scratch.path("driven.html");
    scratch.file("driven.html", &page.replace("</body>", &driver));
    let dom = browser.page_of(&copy);
    let (_, after) = dom.split_once("<pre id=\"found\">").unwrap_or_else(|| panic!("{dom}"));
    let (encoded, _) = after.split_once("</pre>").expect("the element ends");
    let text = percent_decoded(encoded);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("it was encoded"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("it was UTF-8")
}

async fn sheet(arguments: &str) -> Scratch {
    let scratch = judged_run().await;
    let label = format!("label latest --out sheet --n 5 --raters 1 {arguments}");
    drop(evalward(&scratch, &label).run().expect_code(0));
    scratch
}

#[tokio::test]
async fn all_is_rated_by_keys_kept_over_a_reload_and_saved_for_label_read() {
    let scratch = sheet("").await;
    let browser = Browser::new();
    let seen = drive(
        &scratch,
        &browser,
        "const anchors = [...document.querySelectorAll('label.step')].map((it) => it.innerText.trim().length > 5);\n\
         press('4'); press('j'); press('9'); press('2'); press('j'); press('u');\n\
         return { anchors, stolen: window.stolen ?? null, count: document.getElementById('count').textContent,\n\
                  answer: document.querySelector('.answer').textContent, forms: document.querySelectorAll('fieldset').length };",
    );
    assert_eq!(seen["anchors"], json!([true, true, true, true, true]));
    assert_eq!(seen["stolen"], Value::Null);
    assert_eq!(seen["count"], "3 of 5 rated");
    assert!(seen["answer"].as_str().unwrap().contains("</script>"), "{seen}");
    // The browser still knows, and the rest can be rated by the mouse.
    let seen = drive(
        &scratch,
        &browser,
        "const before = document.getElementById('count').textContent;\n\
         const places = document.querySelectorAll('#places button');\n\
         for (const index of [3, 4]) { places[index].click(); document.querySelector('input[value=\"5\"]').click(); }\n\
         document.getElementById('comment').value = 'Fine, \"really\"'; document.getElementById('comment').dispatchEvent(new Event('input'));\n\
         document.activeElement.blur(); press('s');\n\
         return { before, name: window.savedName, text: await window.saved[0].text(), note: document.getElementById('note').textContent };",
    );
    assert_eq!(seen["before"], "3 of 5 rated");
    assert_eq!(seen["name"], "rater-1.jsonl");
    assert_eq!(seen["note"], "Saved rater-1.jsonl: all answers are rated.");
    scratch.file("sheet/rater-1.jsonl", seen["text"].as_str().unwrap());
    let read = evalward(&scratch, "label read sheet").run().expect_code(0);
    assert_eq!(read.stdout, "4 labels of 5 answers by rater-1; in 1 case a rater could not tell\n");
    let labels = scratch.read("sheet/labels.jsonl");
    let mut ratings: Vec<i64> = labels
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["label"].as_i64().unwrap())
        .collect();
    ratings.sort_unstable();
    assert_eq!(ratings, [2, 4, 5, 5]);
}

#[tokio::test]
async fn claims_are_labelled_by_the_words_of_the_answer() {
    let scratch = sheet("--claims").await;
    let browser = Browser::new();
    let seen = drive(
        &scratch,
        &browser,
        "press('4');\n\
         const rows = () => [...document.querySelectorAll('.claim')];\n\
         const sentences = rows().length;\n\
         const set = (element, value, event) => { element.value = value; element.dispatchEvent(new Event(event)); };\n\
         set(rows()[0].querySelector('input'), 'words of my own', 'input');\n\
         const refused = !rows()[0].querySelector('.problem').hidden;\n\
         set(rows()[0].querySelector('input'), 'It  helps', 'input');\n\
         set(rows()[0].querySelector('select'), 'SUPPORTED', 'change');\n\
         const accepted = rows()[0].querySelector('.problem').hidden;\n\
         press('s');\n\
         return { sentences, refused, accepted, text: await window.saved[0].text() };",
    );
    assert_eq!((&seen["refused"], &seen["accepted"]), (&json!(true), &json!(true)));
    assert_eq!(seen["sentences"], 2);
    scratch.file("sheet/rater-1.jsonl", seen["text"].as_str().unwrap());
    drop(evalward(&scratch, "label read sheet --partial").run().expect_code(0));
    let label: Value = serde_json::from_str(&scratch.read("sheet/labels.jsonl")).unwrap();
    assert_eq!(label["claims"], json!([{"claim": "It  helps", "label": "SUPPORTED"}]));
    let saved = seen["text"].as_str().unwrap();
    scratch.file("sheet/rater-1.jsonl", &saved.replace("It  helps", "It harms"));
    let read = evalward(&scratch, "label read sheet --partial").run().expect_code(2);
    assert!(read.stderr.contains("copy the words of the answer exactly"), "{}", read.stderr);
}

#[tokio::test]
async fn the_page_is_legible_in_light_and_dark() {
    let scratch = sheet("--claims").await;
    let browser = Browser::new();
    let pictures = ["light", "dark"].map(|scheme| {
        let picture = scratch.path(format!("{scheme}.png"));
        browser.picture_of(&scratch.path("sheet/rater-1.html"), &picture, scheme == "dark");
        std::fs::read(picture).expect("the picture was written")
    });
    assert_ne!(pictures[0], pictures[1]);
    // For people who want to look at them.
    if let Some(folder) = std::env::var_os("EVALWARD_TEST_PICTURES") {
        for (picture, scheme) in pictures.iter().zip(["light", "dark"]) {
            let file = std::path::Path::new(&folder).join(format!("sheet-{scheme}.png"));
            std::fs::write(file, picture).unwrap();
        }
    }
}
