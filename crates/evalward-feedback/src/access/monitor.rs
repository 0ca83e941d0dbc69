//! A monitor, by its HTTP interface.

use std::sync::OnceLock;
use std::time::Duration;

use evalward_store::{CandidateState, PatternState};
use reqwest::{Client, Method, Url, redirect};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::AccessError;
use crate::views::{
    ApproveBody, CANDIDATE_STATES, CandidateList, CandidateView, PATTERN_STATES, PatternList,
    PatternView, PromotedBody, RejectBody,
};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// A monitor that is asked by HTTP.
#[derive(Debug)]
pub struct Monitor {
    client: Client,
    address: Url,
    key: Option<SecretString>,
}

impl Monitor {
    /// Sets up a client; nothing is connected yet.
    ///
    /// # Errors
    /// [`AccessError::Address`] if the address is no `http` or `https` URL.
    pub fn new(address: &str, key: Option<SecretString>) -> Result<Self, AccessError> {
        let refused =
            |problem: String| AccessError::Address { address: address.to_owned(), problem };
        let url = Url::parse(address.trim()).map_err(|error| refused(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
            return Err(refused("it is no `http` or `https` address".to_owned()));
        }
        install_crypto();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(REQUEST_TIMEOUT)
            // A redirect would carry the key to an address that no one configured.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("evalward/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| refused(error.to_string()))?;
        Ok(Self { client, address: url, key })
    }

    pub(super) async fn patterns(
        &self,
        state: Option<PatternState>,
    ) -> Result<Vec<PatternView>, AccessError> {
        let state = state.and_then(|state| name_of(&PATTERN_STATES, state));
        let list: PatternList = self.get(&["patterns"], state).await?;
        Ok(list.patterns)
    }

    pub(super) async fn pattern(&self, id: &str) -> Result<PatternView, AccessError> {
        self.get(&["patterns", id], None).await
    }

    pub(super) async fn candidates(
        &self,
        state: Option<CandidateState>,
    ) -> Result<Vec<CandidateView>, AccessError> {
        let state = state.and_then(|state| name_of(&CANDIDATE_STATES, state));
        let list: CandidateList = self.get(&["candidates"], state).await?;
        Ok(list.candidates.into_iter().map(CandidateView::with_partition).collect())
    }

    pub(super) async fn candidate(&self, id: &str) -> Result<CandidateView, AccessError> {
        self.get(&["candidates", id], None).await.map(CandidateView::with_partition)
    }

    pub(super) async fn approve(
        &self,
        id: &str,
        body: &ApproveBody,
    ) -> Result<CandidateView, AccessError> {
        self.post(&["candidates", id, "approve"], body).await.map(CandidateView::with_partition)
    }

    pub(super) async fn reject(
        &self,
        id: &str,
        body: &RejectBody,
    ) -> Result<CandidateView, AccessError> {
        self.post(&["candidates", id, "reject"], body).await.map(CandidateView::with_partition)
    }

    pub(super) async fn promoted(
        &self,
        id: &str,
        example: &str,
    ) -> Result<PatternView, AccessError> {
        let body = PromotedBody { example: example.to_owned() };
        self.post(&["candidates", id, "promoted"], &body).await
    }

    async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        state: Option<&str>,
    ) -> Result<T, AccessError> {
        let mut url = self.url(path);
        if let Some(state) = state {
            url.query_pairs_mut().append_pair("state", state);
        }
        self.send(Method::GET, url, None).await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<T, AccessError> {
        let body = serde_json::to_value(body).expect("a review has only string keys");
        self.send(Method::POST, self.url(path), Some(&body)).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        url: Url,
        body: Option<&Value>,
    ) -> Result<T, AccessError> {
        let failed = |source: reqwest::Error| AccessError::Unreachable {
            address: self.shown(),
            source: source.without_url(),
        };
        let mut request = self.client.request(method, url);
        if let Some(key) = &self.key {
            request = request.bearer_auth(key.expose_secret());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(failed)?;
        let status = response.status();
        if status.is_success() {
            return response.json().await.map_err(failed);
        }
        let text = response.text().await.map_err(failed)?;
        let problem: Value = serde_json::from_str(&text).unwrap_or_default();
        let (address, status) = (self.shown(), status.as_u16());
        Err(match problem.get("detail").and_then(Value::as_str) {
            Some(detail) => {
                let detail = detail.chars().take(500).collect();
                AccessError::Refused { address, status, detail }
            }
            None => AccessError::Foreign { address, status },
        })
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.address.clone();
        url.set_query(None);
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v1"]).extend(path);
        }
        url
    }

    /// Returns the address without credentials.
    fn shown(&self) -> String {
        let port = self.address.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = self.address.host_str().unwrap_or_default();
        format!("{}://{host}{port}", self.address.scheme())
    }
}

fn name_of<T: Copy + PartialEq>(names: &[(&'static str, T)], state: T) -> Option<&'static str> {
    names.iter().find(|(_, named)| *named == state).map(|(name, _)| *name)
}

/// Makes ring the provider of all TLS, unless the program that embeds us chose one before.
fn install_crypto() {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    INSTALLED.get_or_init(|| rustls::crypto::ring::default_provider().install_default().is_ok());
}
