//! `evalward-monitor key`.

use std::io::{self, Write};

use clap::ValueEnum;
use evalward_config::MonitorConfig;
use evalward_core::visible;
use evalward_monitor::{NewKey, create_key, list_keys, revoke_key};
use evalward_store::ApiKey;
use secrecy::ExposeSecret;

use super::args::{CreateArgs, KeyCommand, ScopeName};
use super::error::ProgramError;

/// Does something with keys.
pub(super) fn run(command: KeyCommand, config: &MonitorConfig) -> Result<(), ProgramError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let url = &config.store_url;
    match command {
        KeyCommand::Create(CreateArgs { project, name, scopes }) => {
            let scopes = scopes.into_iter().map(Into::into).collect();
            let created = runtime.block_on(create_key(url, NewKey { project, name, scopes }))?;
            writeln!(io::stdout(), "{}", created.secret.expose_secret())?;
            let note = format!(
                "key `{}` is made; keep what was printed, it cannot be shown again",
                created.id
            );
            writeln!(io::stderr(), "{note}")?;
        }
        KeyCommand::List => {
            let keys = runtime.block_on(list_keys(url))?;
            io::stdout().write_all(visible(&table(&keys)).as_bytes())?;
        }
        KeyCommand::Revoke { id } => {
            runtime.block_on(revoke_key(url, &id))?;
            writeln!(io::stderr(), "key `{}` is revoked", visible(&id))?;
        }
    }
    Ok(())
}

fn table(keys: &[ApiKey]) -> String {
    let header = ["ID", "PROJECT", "NAME", "SCOPES", "CREATED", "REVOKED"].map(str::to_owned);
    let mut rows = vec![header];
    rows.extend(keys.iter().map(|key| {
        let scopes: Vec<String> = key.scopes.iter().map(|scope| word((*scope).into())).collect();
        let revoked = key.revoked_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        [
            key.id.clone(),
            key.project.clone(),
            key.name.clone(),
            scopes.join(","),
            key.created_at.to_string(),
            revoked,
        ]
    }));
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..6).map(width).collect();
    let line = |row: &[String; 6]| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
        let line: Vec<String> = cells.collect();
        format!("{}\n", line.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn word(scope: ScopeName) -> String {
    scope.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
