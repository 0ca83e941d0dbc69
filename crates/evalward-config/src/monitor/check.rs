//! What is checked about the server, the store and the webhooks.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use toml::Spanned;

use super::file::{NotifyTable, ServerTable, StoreTable};
use super::{AuthMode, ServerConfig, Webhook};
use crate::ConfigError;
use crate::load::Lookup;
use crate::resolve::Resolver;
use crate::source::Sources;

/// Collects mistakes, so that all are shown at once.
pub(super) struct Checker<'a> {
    pub(super) resolver: Resolver<'a>,
    pub(super) warnings: Vec<String>,
    /// The mistakes of other files.
    pub(super) foreign: Vec<ConfigError>,
}

/// The variable that names the store, above what the file says.
const DATABASE_URL: &str = "EVALWARD_DATABASE_URL";

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 4318);
const MAX_BODY: u64 = 16 << 20;
const MAX_DECOMPRESSED: u64 = 64 << 20;
const MAX_BACKLOG: u64 = 100_000;

impl<'a> Checker<'a> {
    pub(super) fn new(sources: &'a Sources, environment: &'a Lookup) -> Self {
        let resolver = Resolver::new(sources, environment);
        Self { resolver, warnings: Vec::new(), foreign: Vec::new() }
    }

    pub(super) fn server(&mut self, table: &ServerTable) -> Option<ServerConfig> {
        let listen = match &table.listen {
            None => LISTEN,
            Some(text) => self.listen(text)?,
        };
        let auth = table.auth.as_ref().map(|auth| *auth.get_ref()).unwrap_or_default();
        if let (Some(place), AuthMode::Off, false) = (&table.auth, auth, listen.ip().is_loopback())
        {
            let message =
                format!("without keys everybody who reaches `{listen}` may read and send");
            let help = "listen on `127.0.0.1`, or take `auth = \"keys\"` and make keys with `evalward-monitor key create`";
            self.resolver.refuse(message, &place.span(), Some(help));
        }
        let bytes = |size: Option<crate::ByteSize>, default: u64| {
            usize::try_from(size.map_or(default, |size| size.0)).unwrap_or(usize::MAX)
        };
        Some(ServerConfig {
            listen,
            auth,
            max_body_bytes: bytes(table.max_body, MAX_BODY),
            max_decompressed_bytes: bytes(table.max_decompressed, MAX_DECOMPRESSED),
            max_backlog: table.max_backlog.map_or(MAX_BACKLOG, |limit| limit.get().into()),
        })
    }

    fn listen(&mut self, text: &Spanned<String>) -> Option<SocketAddr> {
        let address = text.get_ref().replacen("localhost:", "127.0.0.1:", 1);
        if let Ok(address) = address.parse() {
            return Some(address);
        }
        let message = format!("`{}` is not an address with a port", text.get_ref());
        let help = "write an IP address and a port, such as `127.0.0.1:4318` or `0.0.0.0:4318`";
        self.resolver.refuse(message, &text.span(), Some(help));
        None
    }

    pub(super) fn store_url(&mut self, table: &StoreTable, folder: &Path) -> Option<SecretString> {
        if let Some(url) = self.resolver.variable(DATABASE_URL) {
            if is_store_url(&url) {
                return Some(url.into());
            }
            let message = format!("`{DATABASE_URL}` names no store that is known");
            self.foreign.push(ConfigError::new(message).help(KNOWN_STORES));
            return None;
        }
        let Some(given) = &table.url else {
            return Some(anchored("sqlite://evalward.db", folder).into());
        };
        let url = self.resolver.secret(given)?;
        if is_store_url(url.expose_secret()) {
            let folder = self.resolver.folder_of(&given.span());
            return Some(anchored(url.expose_secret(), &folder).into());
        }
        self.resolver.refuse(
            "this names no store that is known",
            &given.span(),
            Some(KNOWN_STORES),
        );
        None
    }

    pub(super) fn webhooks(&mut self, tables: &BTreeMap<String, NotifyTable>) -> Vec<Webhook> {
        let mut webhooks = Vec::new();
        for (name, NotifyTable::Webhook(table)) in tables {
            let Some(url) = self.resolver.secret(&table.url) else { continue };
            if ["http://", "https://"].iter().any(|scheme| url.expose_secret().starts_with(scheme))
            {
                webhooks.push(Webhook { name: name.clone(), url });
            } else {
                let message = format!("the webhook `{name}` has no address of the web");
                let help =
                    "write `https://…`, or `\"${NAME}\"` for an environment variable that does";
                self.resolver.refuse(message, &table.url.span(), Some(help));
            }
        }
        webhooks
    }
}

const KNOWN_STORES: &str = "write `sqlite://PATH`, or `postgres://USER@HOST/DATABASE`";

fn is_store_url(url: &str) -> bool {
    ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme))
}

/// Makes the path of a SQLite store relative to the folder of the file that names it.
fn anchored(url: &str, folder: &Path) -> String {
    match url.strip_prefix("sqlite://") {
        Some(path) if Path::new(path).is_relative() => {
            format!("sqlite://{}", folder.join(path).display())
        }
        _ => url.to_owned(),
    }
}
