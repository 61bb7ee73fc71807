//! curl, wrk and a browser-like client of the load balancer, while deploys and swaps go on behind it.

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use super::Silence;
use crate::bench::Bench;
use crate::clients::{self, Shop};
use crate::options::Extent;
use crate::tally::{Check, Tally};

/// The time between two swaps: some come before the balancer's last node has followed the one before.
const PAUSE: Duration = Duration::from_millis(300);

/// Well after a deploy's swap: then the balancer's last node has followed.
const FOLLOWED: Duration = Duration::from_secs(2);

/// How long the last swap may take to be seen.
const LIMIT: Duration = Duration::from_secs(10);

/// What goes on behind the balancer.
struct Course {
    /// The builds that are deployed.
    builds: &'static [&'static str],
    /// How often the rules are swapped after that: an odd number, so that it shows in the end.
    swaps: u32,
}

const SHORT: Course = Course { builds: &["2b7f1c9", "5ca1ab1"], swaps: 11 };

const WHOLE: Course = Course { builds: &["2b7f1c9", "5ca1ab1", "9e1d00a", "2b7f1c9"], swaps: 101 };

/// Lets all of them use the balancer while everything changes behind it.
pub(super) fn run(bench: &Bench) -> Result<Tally, Silence> {
    let version = clients::versions()?;
    let course = match bench.extent {
        Extent::Short => SHORT,
        Extent::Whole => WHOLE,
    };
    let shop = Shop::open(bench).map_err(Silence::broken)?;
    let seen = clients::under_traffic(bench, &shop, || course.run(&shop));
    Ok(Tally { version, ..seen.map_err(Silence::broken)? })
}

impl Course {
    fn run(&self, shop: &Shop<'_>) -> Vec<Check> {
        let mut checks: Vec<Check> = self.builds.iter().map(|sha| shop.deploy(sha)).collect();
        let faults = self.swap(shop).err().map(|error| error.to_string()).into_iter().collect();
        checks.push(Check {
            check: "the rules are swapped, and the other version answers".into(),
            faults,
        });
        checks
    }

    fn swap(&self, shop: &Shop<'_>) -> Result<(), Box<dyn Error>> {
        thread::sleep(FOLLOWED);
        let before = shop.version()?;
        for _ in 0..self.swaps {
            shop.swap()?;
            thread::sleep(PAUSE);
        }
        let begin = Instant::now();
        while shop.version()? == before {
            if begin.elapsed() > LIMIT {
                return Err(format!("{before} still answers").into());
            }
            thread::sleep(PAUSE);
        }
        Ok(())
    }
}
