//! The command: what to measure, and with how much.

use anyhow::{Result, bail, ensure};
use clap::Args;

use super::evalward;
use super::peers::{self, Peer};
use super::report::{self, Row};
use super::suite::Setting;
use crate::bench::{document, machine};
use crate::console::{complain, say};
use crate::repository::{Profile, Repository};

/// What is measured, and with how much.
#[derive(Clone, Debug, Args)]
pub(crate) struct OverheadArgs {
    /// Measure only these peers, or `none`; all by default.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    peers: Vec<String>,
    /// The examples, each with one call of 50 ms.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    examples: u32,
    /// The calls at once.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: u32,
    /// How often each tool is measured.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..))]
    rounds: u8,
    /// Rewrite the section of `docs/benchmarks.md` that this measurement makes.
    #[arg(long)]
    write: bool,
}

/// Measures the tools, one after the other, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, args: &OverheadArgs) -> Result<()> {
    let chosen = chosen(&args.peers)?;
    ensure!(!args.write || args.peers.is_empty(), "`--write` needs all peers");
    say("building the release binaries, which takes minutes the first time");
    let setting = Setting::new(repository, args.examples, args.concurrency, args.rounds)?;
    let measured = evalward::measure(&repository.build_evalward(Profile::Release)?, &setting)?;
    let targets = report::check_targets(&measured, &setting);
    let own =
        Row { what: "evalward".to_owned(), judge: "`judge`".to_owned(), measured: Some(measured) };
    let peers = chosen.into_iter().map(|peer| measure(repository, peer, &setting));
    let rows: Vec<Row> = std::iter::once(own).chain(peers).collect();
    let table = report::table(&rows, &setting);
    say(&format!("\n{table}"));
    if args.write {
        let missing = rows.iter().find(|row| row.measured.is_none());
        if let Some(Row { what, .. }) = missing {
            bail!("nothing is written, since {what} was not measured");
        }
        let section = format!("{}\n{table}", machine::describe(&repository.shell()?)?);
        document::rewrite(&repository.root().join(document::PATH), "overhead", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    targets
}

/// Measures a peer; one that cannot be measured is told of, and the others go on.
fn measure(repository: &Repository, peer: &Peer, setting: &Setting) -> Row {
    let measured = (|| {
        let installed = peer.install(&repository.shell()?, &setting.target)?;
        peer.measure(&installed, setting)
    })();
    if let Err(error) = &measured {
        complain(&format!("{} is not measured: {error:#}", peer.name));
    }
    let (package, version) = peer.package;
    Row {
        what: format!("{package} {version}"),
        judge: peer.judge.to_owned(),
        measured: measured.ok(),
    }
}

fn chosen(names: &[String]) -> Result<Vec<&'static Peer>> {
    match names {
        [] => Ok(peers::all().iter().collect()),
        [none] if none == "none" => Ok(Vec::new()),
        names => names.iter().map(|name| find(name)).collect(),
    }
}

fn find(name: &str) -> Result<&'static Peer> {
    if let Some(peer) = peers::all().iter().find(|peer| peer.name == name) {
        return Ok(peer);
    }
    let known: Vec<&str> = peers::all().iter().map(|peer| peer.name).collect();
    bail!("there is no peer `{name}`; there are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_chosen_by_name() {
        let names = |names: &[&str]| -> Result<Vec<&str>> {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            Ok(chosen(&names)?.iter().map(|peer| peer.name).collect())
        };
        assert_eq!(names(&[]).unwrap().len(), peers::all().len());
        assert!(names(&["none"]).unwrap().is_empty());
        assert_eq!(names(&["ragas", "inspect"]).unwrap(), ["ragas", "inspect"]);
        let error = names(&["raga"]).unwrap_err().to_string();
        assert!(error.starts_with("there is no peer `raga`; there are promptfoo, "), "{error}");
    }
}
