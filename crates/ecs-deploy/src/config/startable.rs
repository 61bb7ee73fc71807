//! Whether the commands of a target can start.

use super::error::{ConfigError, Problem};
use super::rendered::TemplateValues;
use super::target::Target;
use crate::command::{Command, CommandError, Commands};
use crate::effect::Phase;

/// The commands that a run has before it: how many of each phase it leaves out at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CommandsAhead {
    pub pre: usize,
    pub post: usize,
}

impl CommandsAhead {
    pub(crate) const ALL: Self = Self { pre: 0, post: 0 };

    fn left_out(&self, phase: Phase) -> usize {
        match phase {
            Phase::PreDeploy => self.pre,
            Phase::PostDeploy => self.post,
        }
    }
}

impl Target {
    /// Makes sure that no command is certain not to start, and gives warnings of those that only start
    /// if a command before makes their program.
    pub(crate) fn check_commands(
        &self,
        ahead: CommandsAhead,
        values: &TemplateValues,
        commands: &dyn Commands,
    ) -> Result<Vec<String>, ConfigError> {
        let mut warnings = Vec::new();
        let mut is_first = true;
        for phase in [Phase::PreDeploy, Phase::PostDeploy] {
            let all = self.commands_ahead(phase, values)?.into_iter().enumerate();
            for (index, (at, command)) in all.skip(ahead.left_out(phase)) {
                let checked = commands.check(&command);
                let may_be_made = !is_first;
                is_first = false;
                let Err(source) = checked else { continue };
                if source.is_about_a_file() && command.program.contains(&self.unregistered()) {
                    // Its name depends on the revision that is to be registered.
                    continue;
                }
                let is_doubtful = may_be_made && is_makeable(&command, &source);
                let (phase, number) = (phase.name(), index + 1);
                let program = command.program.escape_debug().to_string();
                let problem = Problem::Command { phase, number, program, source };
                let error = self.source().error(at, problem);
                if !is_doubtful {
                    return Err(error);
                }
                let error = crate::error::chain(&error);
                warnings.push(format!("{error}, unless a command before makes it"));
            }
        }
        Ok(warnings)
    }
}

/// Whether a command that runs before could make the program: a file that the config names by its path.
/// Tools that are looked up in `PATH` are not made by the way.
fn is_makeable(command: &Command, error: &CommandError) -> bool {
    error.is_about_a_file() && command.program.contains('/')
}
