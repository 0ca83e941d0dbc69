//! What servers answer: of chat models, of embedding models, and of an application; the input is the body of every answer.

#![no_main]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex, PoisonError};

use evalward_core::{ChatMessage, ChatModel, ChatRequest, Embedder, Example, Partition, Subject};
use evalward_models::{
    AnthropicChat, AnthropicOptions, OpenAiChat, OpenAiEmbedder, OpenAiEmbedderOptions,
    OpenAiOptions, Transport, TransportOptions,
};
use evalward_subject::{HttpOptions, HttpSubject, Pointers};
use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};

static BODY: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Fixed {
    runtime: Runtime,
    chats: [Box<dyn ChatModel>; 2],
    embedder: OpenAiEmbedder,
    subjects: [HttpSubject; 2],
}

static FIXED: LazyLock<Fixed> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let base_url = format!("http://{}", listener.local_addr().expect("it is bound"));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    let options = TransportOptions { system_proxy: false, ..TransportOptions::default() };
    let transport = Transport::new(options).expect("a client can be made");
    let known = "the options are constants";
    let openai = OpenAiOptions { base_url: base_url.clone(), ..OpenAiOptions::default() };
    let anthropic = AnthropicOptions { base_url: base_url.clone(), ..AnthropicOptions::default() };
    let embedder =
        OpenAiEmbedderOptions { base_url: base_url.clone(), ..OpenAiEmbedderOptions::new("tiny") };
    let pointer = |name: &str| Some(format!("/{name}"));
    let whole = Pointers {
        context: pointer("context"),
        tool_calls: pointer("tool_calls"),
        usage: pointer("usage"),
        model: pointer("model"),
        ..Pointers::default()
    };
    let subject = |pointers| {
        let options = HttpOptions { pointers, ..HttpOptions::new(transport.clone(), &base_url) };
        HttpSubject::new(options).expect(known)
    };
    Fixed {
        runtime: Builder::new_current_thread().enable_all().build().expect("a runtime starts"),
        chats: [
            Box::new(OpenAiChat::new(transport.clone(), &openai).expect(known)),
            Box::new(AnthropicChat::new(transport.clone(), &anthropic).expect(known)),
        ],
        embedder: OpenAiEmbedder::new(transport.clone(), embedder).expect(known),
        subjects: [subject(Pointers::default()), subject(whole)],
    }
});

fuzz_target!(|body: &[u8]| {
    let fixed = &*FIXED;
    *BODY.lock().unwrap_or_else(PoisonError::into_inner) = body.to_vec();
    let messages = vec![ChatMessage::text("user", "hello")];
    let request = ChatRequest { model: "tiny".to_owned(), messages, ..ChatRequest::default() };
    let example = Example::new("fuzz", Partition::Golden).with_input("question", "why?");
    fixed.runtime.block_on(async {
        for chat in &fixed.chats {
            if let Err(error) = chat.complete(&request).await {
                assert!(!error.message.is_empty());
            }
        }
        let texts = ["one".to_owned(), "two".to_owned()];
        if let Ok(vectors) = fixed.embedder.embed(&texts).await {
            assert_eq!(vectors.len(), texts.len());
            assert!(vectors.iter().flatten().all(|number| number.is_finite()));
        }
        for subject in &fixed.subjects {
            if let Err(error) = subject.respond(&example).await {
                assert!(!error.message.is_empty());
            }
        }
    });
});

/// Answers the requests of a connection until it is closed.
fn answer(mut stream: TcpStream) {
    let mut received = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        while let Some(length) = whole_request(&received) {
            received.drain(..length);
            let body = BODY.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            if stream.write_all(&[head.as_bytes(), &body].concat()).is_err() {
                return;
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(count) => received.extend_from_slice(&chunk[..count]),
        }
    }
}

/// Returns the length of the first request, once all of it is there.
fn whole_request(received: &[u8]) -> Option<usize> {
    let end = received.windows(4).position(|bytes| bytes == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&received[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
    let length: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    (received.len() >= end + length).then_some(end + length)
}
