//! A PostgreSQL server that lasts as long as what started it.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

/// Where Debian and its kin keep the server's programs: one folder for each version.
const DEBIAN_FOLDER: &str = "/usr/lib/postgresql";

/// How often a start is tried: the free port may be taken by somebody else in between.
const ATTEMPTS: u32 = 5;

/// Starts the server, says so, and stops it once stdin ends: when it is told to, and when the starting process is gone,
/// however it went. It removes the database too: a server that is kept in a static is never dropped.
const KEEPER: &str = r#"
trap : HUP INT TERM
"$1/pg_ctl" start -w -t 60 -D "$2" -l "$2/server.log" -o "$3" </dev/null >/dev/null 2>&1 || exit 1
echo ready
read -r _
"$1/pg_ctl" stop -w -m immediate -D "$2" </dev/null >/dev/null 2>&1
cd / && rm -rf "$2" && rmdir "${2%/*}"
"#;

/// Durability is of no use to a database that lasts as long as its test.
const SETTINGS: &str = "-c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c fsync=off \
                        -c full_page_writes=off -c shared_buffers=64MB";

/// A PostgreSQL server on a free port of the loopback address, in a folder of its own. It stops when this is dropped or when
/// the process ends.
#[derive(Debug)]
pub struct PostgresServer {
    keeper: Child,
    port: u16,
    _folder: TempDir,
}

impl PostgresServer {
    /// Starts a server whose superuser `postgres` needs no password. Root starts it as the user `postgres`, since the server
    /// refuses to run as root.
    ///
    /// # Errors
    /// A sentence for people, where the server's programs are missing or fail.
    pub fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::tempdir()
            .map_err(|error| format!("failed to make a folder for PostgreSQL: {error}"))?;
        let user = user_for(folder.path())?;
        let database = folder.path().join("database");
        initialise(&programs, &database, user)?;
        let mut problem = String::new();
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            match keep(&programs, &database, user, port) {
                Ok(keeper) => return Ok(Self { keeper, port, _folder: folder }),
                Err(error) => problem = error,
            }
        }
        Err(problem)
    }

    /// Returns the URL of the superuser's own database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Tells whether the server's programs are installed.
    pub fn is_installed() -> bool {
        programs().is_ok()
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        // Its end is the sign to stop; the folder is removed only after that.
        drop(self.keeper.stdin.take());
        drop(self.keeper.wait());
    }
}

/// The user and group that the server runs as.
type User = (u32, u32);

/// Returns the folder of `pg_ctl`: the newest version that Debian installed, or one on the search path.
fn programs() -> Result<PathBuf, String> {
    let versions = fs::read_dir(DEBIAN_FOLDER).into_iter().flatten().flatten();
    let number = |name: &OsStr| name.to_str().and_then(|name| name.parse::<u32>().ok());
    let newest = versions
        .map(|entry| entry.path())
        .filter(|path| path.join("bin/pg_ctl").is_file())
        .max_by_key(|path| path.file_name().and_then(number));
    if let Some(newest) = newest {
        return Ok(newest.join("bin"));
    }
    let config = Command::new("pg_config").arg("--bindir").output();
    let folder = config.ok().and_then(|output| String::from_utf8(output.stdout).ok());
    let folder = folder.map(|folder| PathBuf::from(folder.trim()));
    folder.filter(|folder| folder.join("pg_ctl").is_file()).ok_or_else(|| {
        "the PostgreSQL server is not installed; on Debian: apt-get install postgresql".to_owned()
    })
}

/// Returns the user `postgres`, and gives it the folder, where this process is root's.
fn user_for(folder: &Path) -> Result<Option<User>, String> {
    let metadata = fs::metadata(folder).map_err(|error| error.to_string())?;
    if metadata.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    let user = users.lines().find_map(postgres_user);
    let (uid, gid) = user.ok_or("there is no user `postgres` to run the server as")?;
    chown(folder, Some(uid), Some(gid)).map_err(|error| error.to_string())?;
    Ok(Some((uid, gid)))
}

fn postgres_user(line: &str) -> Option<User> {
    let mut fields = line.strip_prefix("postgres:")?.split(':').skip(1);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}

fn command(program: impl AsRef<OsStr>, folder: &Path, user: Option<User>) -> Command {
    let mut command = Command::new(program);
    // The user `postgres` may not be able to enter the folder of the tests.
    command.current_dir(folder);
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn initialise(programs: &Path, database: &Path, user: Option<User>) -> Result<(), String> {
    let folder = database.parent().unwrap_or(database);
    let mut initdb = command(programs.join("initdb"), folder, user);
    initdb.arg("--pgdata").arg(database);
    initdb.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
    let output = initdb
        .args(["--no-sync", "--no-instructions"])
        .output()
        .map_err(|error| format!("failed to start `initdb`: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("failed to make a database: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| format!("failed to find a port: {error}"))
}

fn keep(programs: &Path, database: &Path, user: Option<User>, port: u16) -> Result<Child, String> {
    let options = format!("-p {port} {SETTINGS}");
    let folder = database.parent().unwrap_or(database);
    let mut keeper = command("sh", folder, user);
    keeper.args(["-c", KEEPER, "postgres-keeper"]).arg(programs).arg(database).arg(options);
    keeper.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut keeper =
        keeper.spawn().map_err(|error| format!("failed to start PostgreSQL: {error}"))?;
    let mut line = String::new();
    if let Some(stdout) = keeper.stdout.take() {
        drop(BufReader::new(stdout).read_line(&mut line));
    }
    if line.trim() == "ready" {
        return Ok(keeper);
    }
    drop(keeper.wait());
    let log = fs::read_to_string(database.join("server.log")).unwrap_or_default();
    Err(format!("PostgreSQL did not start: {}", log.trim()))
}
