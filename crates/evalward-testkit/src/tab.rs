//! A page that a test drives as a person would.

use serde_json::{Value, json};

use crate::devtools::DevTools;

/// A page in a browser without a window, driven by keys and scripts; it can reach nothing but files.
#[derive(Debug)]
pub struct Tab {
    tools: DevTools,
    session: String,
    address: String,
}

impl Tab {
    pub(crate) fn open(mut tools: DevTools, address: &str) -> Self {
        let target = tools.call(None, "Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let attached = tools.call(None, "Target.attachToTarget", &attach);
        let session = attached["sessionId"].as_str().expect("a session has an id").to_owned();
        let mut tab = Self { tools, session, address: address.to_owned() };
        for domain in ["Page", "Runtime", "Network", "Log"] {
            drop(tab.call(&format!("{domain}.enable"), &json!({})));
        }
        drop(tab.call("Page.navigate", &json!({"url": address})));
        tab.tools.wait_for(&tab.session, "Page.loadEventFired");
        tab
    }

    fn call(&mut self, method: &str, params: &Value) -> Value {
        self.tools.call(Some(&self.session), method, params)
    }

    /// Runs the body of an asynchronous function in the page, whatever its security policy, and returns what it returns.
    ///
    /// # Panics
    /// Where the script throws.
    pub fn run(&mut self, body: &str) -> Value {
        let expression = format!("(async () => {{ {body}\n }})()");
        let params = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let result = self.call("Runtime.evaluate", &params);
        let exception = &result["exceptionDetails"];
        assert!(exception.is_null(), "{body} threw {exception}");
        result["result"]["value"].clone()
    }

    /// Waits until an expression is true in the page.
    ///
    /// # Panics
    /// Where it is not after a while.
    pub fn wait_until(&mut self, expression: &str) {
        let body = format!(
            "for (let turn = 0; turn < 1500; turn += 1) {{ if ({expression}) return true; await new Promise((resume) => setTimeout(resume, 20)); }} return false;"
        );
        assert_eq!(self.run(&body), json!(true), "{expression} never came true");
    }

    /// Presses keys, one after the other: `j`, `Enter`, `Escape`.
    pub fn press(&mut self, keys: &[&str]) {
        for key in keys {
            // What the browser itself does for a key, it does by its number.
            let (text, number) = match *key {
                "Enter" => ("\r", 13),
                "Escape" => ("", 27),
                "ArrowUp" => ("", 38),
                "ArrowDown" => ("", 40),
                key => (key, 0),
            };
            let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
            for kind in [kind, "keyUp"] {
                let mut params = json!({"type": kind, "key": key, "windowsVirtualKeyCode": number});
                if kind == "keyDown" {
                    params["text"] = json!(text);
                }
                drop(self.call("Input.dispatchKeyEvent", &params));
            }
        }
    }

    /// Writes a text where the focus is.
    pub fn write(&mut self, text: &str) {
        drop(self.call("Input.insertText", &json!({"text": text})));
    }

    /// Makes the page so many points wide and high.
    pub fn resize(&mut self, width: u32, height: u32) {
        let params =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        drop(self.call("Emulation.setDeviceMetricsOverride", &params));
    }

    /// Shows the page in a medium, `screen` or `print`, to people who like it light or dark.
    pub fn show_in(&mut self, medium: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let params = json!({"media": medium, "features": features});
        drop(self.call("Emulation.setEmulatedMedia", &params));
    }

    /// Returns a picture (PNG) of what is seen, or of the whole page.
    pub fn picture(&mut self, is_whole: bool) -> Vec<u8> {
        let params = json!({"format": "png", "captureBeyondViewport": is_whole});
        let picture = self.call("Page.captureScreenshot", &params);
        decoded(picture["data"].as_str().expect("a picture is a text"))
    }

    /// Returns what the page complained about: errors of scripts and of the console, and what its security policy refused.
    pub fn problems(&self) -> Vec<String> {
        let events = self.tools.events.iter().filter(|it| it["sessionId"] == self.session.as_str());
        let problem = |event: &Value| {
            let params = &event["params"];
            let is_problem = match event["method"].as_str() {
                Some("Runtime.exceptionThrown") => true,
                Some("Runtime.consoleAPICalled") => params["type"] == "error",
                Some("Log.entryAdded") => params["entry"]["level"] == "error",
                _ => false,
            };
            is_problem.then(|| params.to_string())
        };
        events.filter_map(problem).collect()
    }

    /// Returns the addresses that the page asked for, but for its own.
    pub fn requests(&self) -> Vec<String> {
        let events = self.tools.events.iter();
        let asked = events.filter(|it| it["method"] == "Network.requestWillBeSent");
        let addresses = asked.filter_map(|it| it["params"]["request"]["url"].as_str());
        addresses.filter(|it| *it != self.address).map(str::to_owned).collect()
    }
}

/// Reads base 64 (RFC 4648, section 4).
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (mut bits, mut known) = (0_u32, 0);
    for letter in text.bytes() {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => break,
        };
        bits = (bits << 6) | u32::from(six);
        known += 6;
        if known >= 8 {
            known -= 8;
            bytes.push(u8::try_from((bits >> known) & 0xff).expect("eight bits are a byte"));
            bits &= (1 << known) - 1;
        }
    }
    bytes
}
