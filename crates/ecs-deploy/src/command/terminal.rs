//! The controlling terminal, lent to a command that wants to talk to the user.

use std::fs::File;

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use nix::unistd::{Pid, getpgrp, tcgetpgrp, tcsetpgrp};

/// A terminal whose foreground a command's group was given. Dropping it takes the foreground back,
/// and puts right the modes that a command leaves behind when it dies at a password prompt.
pub(super) struct LentTerminal {
    terminal: File,
    modes: Option<Termios>,
}

impl LentTerminal {
    /// Makes `group` the foreground of the terminal, where that is ours to give: there is a
    /// terminal, and we are not in the background ourselves.
    pub(super) fn to(group: Pid) -> Option<Self> {
        let terminal = File::options().read(true).write(true).open("/dev/tty").ok()?;
        if tcgetpgrp(&terminal) != Ok(getpgrp()) {
            return None;
        }
        let lent = Self { modes: tcgetattr(&terminal).ok(), terminal };
        lent.set_foreground(group);
        Some(lent)
    }

    /// Gives the foreground to `group` once more if a shell handed it to us in the meantime.
    /// Returns whether the group has it now.
    pub(super) fn renew(&self, group: Pid) -> bool {
        if tcgetpgrp(&self.terminal) == Ok(getpgrp()) {
            self.set_foreground(group);
        }
        tcgetpgrp(&self.terminal) == Ok(group)
    }

    fn set_foreground(&self, group: Pid) {
        with_terminal_stops_blocked(|| tcsetpgrp(&self.terminal, group));
    }
}

impl Drop for LentTerminal {
    fn drop(&mut self) {
        self.set_foreground(getpgrp());
        if let Some(modes) = &self.modes {
            with_terminal_stops_blocked(|| tcsetattr(&self.terminal, SetArg::TCSANOW, modes));
        }
    }
}

/// Changing a terminal from the background would stop us with SIGTTOU; blocked, it is allowed.
fn with_terminal_stops_blocked(change: impl FnOnce() -> nix::Result<()>) {
    let before = SigSet::from(Signal::SIGTTOU).thread_swap_mask(SigmaskHow::SIG_BLOCK);
    // A terminal that is gone can't be changed, and has nothing left to put right.
    let _ = change();
    if let Ok(before) = before {
        // It can't fail with a mask that the system gave.
        let _ = before.thread_set_mask();
    }
}
