//! Databases of a PostgreSQL server for tests.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::PostgresServer;

/// Names a server that is there already, so that not every test process starts its own.
const URL_VARIABLE: &str = "EVALWARD_TEST_POSTGRES_URL";

/// How often a name is tried: another process may have taken it, and only one at a time may copy the template.
const ATTEMPTS: u32 = 50;

/// The PostgreSQL server of this test process: the one that `EVALWARD_TEST_POSTGRES_URL` names, else one of its own that ends
/// with it.
#[derive(Debug)]
pub struct Postgres {
    url: String,
    _server: Option<PostgresServer>,
}

impl Postgres {
    /// Creates an empty database and returns its URL.
    ///
    /// # Panics
    /// Where there is no server and none can be started: a test must not pass because a database is missing.
    pub async fn database() -> String {
        static SERVER: OnceLock<Postgres> = OnceLock::new();
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = SERVER.get_or_init(Self::start);
        let mut connection = PgConnection::connect(&server.url).await.unwrap_or_else(|error| {
            panic!("failed to reach the PostgreSQL server at `{}`: {error}", server.url)
        });
        let mut problem = String::new();
        for _ in 0..ATTEMPTS {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let name = format!("evalward_{}_{number}", std::process::id());
            let statement = AssertSqlSafe(format!("CREATE DATABASE {name}"));
            match sqlx::query(statement).execute(&mut connection).await {
                Ok(_) => return server.url_of(&name),
                Err(error) => problem = error.to_string(),
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("failed to create a database at `{}`: {problem}", server.url);
    }

    fn start() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a test process has no edge to read it at")]
        let url = std::env::var(URL_VARIABLE).ok().filter(|url| !url.is_empty());
        if let Some(url) = url {
            return Self { url, _server: None };
        }
        let server = PostgresServer::start()
            .unwrap_or_else(|error| panic!("these tests need PostgreSQL: {error}"));
        Self { url: server.url(), _server: Some(server) }
    }

    /// Returns the server's URL with another database.
    fn url_of(&self, database: &str) -> String {
        let (before, query) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let server = before.rsplit_once('/').map_or(before, |(server, _)| server);
        let separator = if query.is_empty() { "" } else { "?" };
        format!("{server}/{database}{separator}{query}")
    }
}
