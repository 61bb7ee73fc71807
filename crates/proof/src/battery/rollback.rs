//! A rollback by a new process, after something else.

use std::collections::BTreeSet;

use ecs_deploy::journal::State;
use ecs_deploy::{Failure, Success};

use crate::snapshot::difference;
use crate::tables::{is_released, on_record};
use crate::writers::is_change;
use crate::{Bench, Deployer, Ending, Line, Why};

/// What a rollback may ask for beside reads: nothing that makes, scales or deletes a set.
const CHANGES: [&str; 4] =
    ["PutItem", "UpdateItem", "SetRulePriorities", "UpdateServicePrimaryTaskSet"];

/// A rollback with what it found, and what it asked for.
pub(super) struct Rollback {
    /// The deploy on record when it began.
    pub found: Option<State>,
    /// Whether somebody had the lock then.
    was_held: bool,
    /// How many calls it made.
    pub calls: usize,
    changes: BTreeSet<String>,
    commands: Vec<String>,
    pub ended: Result<Success, Failure>,
}

/// What a rollback that refuses under the lock may ask for: to take the lock, and to free it.
const NOTHING_DONE: [&str; 2] = ["PutItem", "UpdateItem"];

/// What a rollback left behind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    /// All as it was.
    Untouched(Why),
    /// The world of this snapshot.
    Back(String),
}

impl Rollback {
    /// Lets somebody roll back on a line where nothing goes wrong.
    pub(super) async fn by(who: &Deployer, bench: &Bench) -> Self {
        let row = bench.shop.lock_row(&bench.world);
        let found = row.as_ref().and_then(on_record);
        let was_held = row.is_some_and(|row| !is_released(&row));
        let line = Line::default();
        let Ending::Told(ended) = who.roll_back_over(&line).await else {
            unreachable!("nobody dies on this line");
        };
        let made = line.made();
        let calls = made.len();
        let changes = made.into_iter().filter(|operation| is_change(operation)).collect();
        let commands = who.commands.started();
        Self { found, was_held, calls, changes, commands, ended: *ended }
    }

    /// What it left behind, if it may end so: well, or with a refusal before it changed anything.
    pub(super) async fn left(&self, bench: &Bench) -> Result<Left, String> {
        let Some(why) = self.refusal() else {
            self.judge_row(bench)?;
            self.judge_changes()?;
            return Ok(Left::Back(bench.settled().await.to_string()));
        };
        let allowed = match why {
            Why::NothingToRollBack | Why::VersionBeforeGone | Why::UnknownBuild => &[],
            Why::NothingBegun => &NOTHING_DONE[..],
            _ => return Err(format!("the rollback failed: {:?}", self.ended)),
        };
        match self.changes.iter().find(|change| !allowed.contains(&change.as_str())) {
            None => Ok(Left::Untouched(why)),
            Some(change) => Err(format!("it refused ({why}), and asked for {change}")),
        }
    }

    /// Why it did not end well.
    pub(super) fn refusal(&self) -> Option<Why> {
        self.ended.as_ref().err().map(|failure| Why::from(&failure.error))
    }

    /// Whether what it found on record is not of whoever had the lock.
    pub(super) fn finds_unbegun(&self) -> bool {
        self.was_held && self.found.as_ref().is_some_and(State::is_settled)
    }

    fn judge_row(&self, bench: &Bench) -> Result<(), String> {
        let row = bench.shop.lock_row(&bench.world).ok_or("there is no row any more")?;
        let is_done = |state: State| state.done && state.rollback().is_some_and(|way| way.done);
        match is_released(&row) && on_record(&row).is_some_and(is_done) {
            true => Ok(()),
            false => Err(format!("the row does not tell of a rollback that is done: {row:?}")),
        }
    }

    fn judge_changes(&self) -> Result<(), String> {
        if let Some(other) = self.changes.iter().find(|it| !CHANGES.contains(&it.as_str())) {
            return Err(format!("the rollback asked for {other}"));
        }
        Ok(())
    }

    /// Whether those who were served the new version were told of the old one, and nobody of more.
    pub(super) fn judge_commands(&self, image: &str) -> Result<(), String> {
        let has_swapped = self.changes.contains("SetRulePriorities");
        match (&self.commands[..], has_swapped) {
            ([], false) => Ok(()),
            ([told], _) if *told == format!("tell {image}") => Ok(()),
            (commands, _) => Err(format!("swapped: {has_swapped}, and it ran {commands:?}")),
        }
    }
}

impl Left {
    /// Why it is not back.
    pub(super) fn refusal(&self) -> Option<Why> {
        match self {
            Self::Untouched(why) => Some(*why),
            Self::Back(_) => None,
        }
    }

    /// The one of these that is most like it.
    pub(super) fn nearest<'a>(&self, others: &'a BTreeSet<Self>) -> Option<&'a Self> {
        others.iter().min_by_key(|other| self.difference(other).len())
    }

    /// What it has, and another has not.
    pub(super) fn difference(&self, other: &Self) -> String {
        match (other, self) {
            (Self::Back(other), Self::Back(this)) => difference(other, this),
            _ => format!("- {other:?}\n+ {self:?}"),
        }
    }
}
