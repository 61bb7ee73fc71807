//! All the clients at once.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::Shop;
use super::crier::Crier;
use super::curl::Errand;
use crate::bench::Bench;
use crate::node;
use crate::tally::{Check, Tally};

/// The scripts of the clients, from the workspace.
const BROWSER: &str = "browser.js";
const WRK: &str = "crates/witness/lua/versions.lua";

/// Lets all clients use a shop while something is done, and takes what they tell of it.
pub(crate) fn under_traffic(
    bench: &Bench,
    shop: &Shop<'_>,
    change: impl FnOnce() -> Vec<Check>,
) -> Result<Tally, Box<dyn Error>> {
    let browser = Crier::browser(&bench.root.join(node::SOURCES).join(BROWSER), &shop.url)?;
    let wrk = Crier::wrk(&bench.root.join(WRK), &shop.url)?;
    let folder = Folder::new(bench)?;
    let over = AtomicBool::new(false);
    let checks = thread::scope(|scope| {
        let errands = Errand::ALL.map(|errand| {
            let (folder, over) = (&folder.0, &over);
            scope.spawn(move || errand.repeat(&shop.url, folder, over))
        });
        let mut checks = change();
        over.store(true, Ordering::Relaxed);
        checks.extend(errands.into_iter().flat_map(|it| it.join().unwrap_or_else(|_| gave_up())));
        checks
    });
    let mut tally = Tally::default();
    checks.into_iter().for_each(|check| tally.add(check));
    for crier in [browser, wrk] {
        tally.join(crier.ended()?);
    }
    Ok(tally)
}

fn gave_up() -> Vec<Check> {
    vec![Check { check: "curl: it came to its end".into(), faults: vec!["it gave up".into()] }]
}

/// Where curl puts what it receives. It goes with this value.
struct Folder(PathBuf);

impl Folder {
    fn new(bench: &Bench) -> std::io::Result<Self> {
        let path = bench.store.join(format!("curl-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left there does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}
