//! Whether what was done still stands in the end: others may have changed it while commands ran.

use std::time::Duration;

use tokio::time::Instant;

use crate::cloud::{TaskSet, TaskSetStatus};
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::names::{Color, TaskSetId};
use crate::pace::Pace;

/// How long answers may lag behind what was done last.
const LAG: Duration = Duration::from_secs(30);

/// A lag that is not worth a word.
const USUAL_LAG: Duration = Duration::from_secs(3);

/// Waits until answers show that the color serves which shall, and that its set is PRIMARY; tells of what
/// users reach beside it.
pub(crate) async fn confirm(work: &Work<'_>) -> Result<(), DeployError> {
    let end = End { color: work.color_to_serve()?, set: work.set_to_serve()? };
    let (begun, mut pace) = (Instant::now(), Pace::new());
    loop {
        let what = match end.look(work).await? {
            Seen::Stands { sets, maintenance } => {
                end.warn_of_company(work, &sets);
                maintenance.into_iter().for_each(|note| work.engine.progress.note(note));
                return Ok(());
            }
            Seen::Otherwise(what) => what,
        };
        if begun.elapsed() >= LAG || work.patience.is_over() {
            return Err(DeployError::Undone { what });
        }
        pace.see(what.clone());
        if begun.elapsed() >= USUAL_LAG {
            work.progress(Detail::note(what));
        }
        work.patience.pause(pace.wait()).await?;
    }
}

/// How it shall be in the end.
struct End {
    color: Color,
    set: TaskSetId,
}

enum Seen {
    /// It is so.
    Stands {
        /// The sets that are there.
        sets: Vec<TaskSet>,
        /// What answers requests before they reach any version.
        maintenance: Vec<String>,
    },
    /// It is not, in words.
    Otherwise(String),
}

impl End {
    async fn look(&self, work: &Work<'_>) -> Result<Seen, DeployError> {
        let Self { color, set } = self;
        let traffic = work.traffic().await?;
        if !traffic.is_live(*color) {
            let live = traffic.live().map_or("both colors".to_owned(), |live| live.to_string());
            return Ok(Seen::Otherwise(format!("{live} serves, not {color}")));
        }
        // A rollback reports what it does not move when it moves the rest.
        if let (Err(refusal), None) = (traffic.check(), work.journal().rollback) {
            return Ok(Seen::Otherwise(refusal.to_string()));
        }
        let maintenance = traffic.maintenance();
        let sets = work.service().await?.task_sets;
        Ok(match sets.iter().find(|set| set.status == TaskSetStatus::Primary) {
            Some(primary) if primary.id == *set => Seen::Stands { sets, maintenance },
            Some(other) => Seen::Otherwise(format!("{} is PRIMARY, not {set}", other.id)),
            None => Seen::Otherwise(format!("no set is PRIMARY, not even {set}")),
        })
    }

    fn warn_of_company(&self, work: &Work<'_>, sets: &[TaskSet]) {
        let group = &work.blueprint().target.target_groups[self.color];
        let is_company = |set: &&TaskSet| {
            let runs = set.running + set.pending > 0 && set.status != TaskSetStatus::Draining;
            runs && set.id != self.set && set.target_groups.contains(group)
        };
        for other in sets.iter().filter(is_company) {
            let (id, color) = (&other.id, self.color);
            let what = format!("{id} runs behind {color} too: users reach both versions");
            work.patience.reporter.warn(what);
        }
    }
}
