//! Which commands a run that goes on from a row has before it.

use crate::config::CommandsAhead;
use crate::journal::{CommandsDone, State};
use crate::steps::Step;

/// A phase that is over.
const ALL: usize = usize::MAX;

/// Those of a resumed deploy.
pub(super) fn of_resume(state: &State) -> CommandsAhead {
    let CommandsDone { pre, post } = done(state);
    // Before the swap a row of the Go program is begun again from the first command on.
    let are_on_record = state.journal.is_some() && state.step > Step::PreDeploy;
    let is_over = are_on_record || state.step >= Step::Swap;
    CommandsAhead { pre: if is_over { ALL } else { pre }, post }
}

/// Those of a rollback, which runs the post-deploy commands again.
pub(super) fn of_rollback(state: &State) -> CommandsAhead {
    let post = if state.open_rollback().is_some() { done(state).post } else { 0 };
    CommandsAhead { pre: ALL, post }
}

fn done(state: &State) -> CommandsDone {
    state.journal.as_ref().map(|journal| journal.commands).unwrap_or_default()
}
