//! How the program ends: what it prints where, and its exit code.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::line::Stop;
use crate::order::Order;

impl Order {
    /// Carries it out. On success stderr stays silent: callers read both streams together.
    pub(crate) fn run(self) -> ExitCode {
        match runtime().map(|runtime| runtime.block_on(self.carry_out())) {
            Ok(Ok(text)) => print(&text, ExitCode::SUCCESS),
            Ok(Err(failure)) => fail(&failure),
            Err(error) => fail(&error),
        }
    }
}

impl Stop {
    /// Says what there is to say: a mistake on stdout and the usage on stderr, as ever.
    pub(crate) fn run(self) -> ExitCode {
        match self {
            Self::Told(text) => print(&text, ExitCode::SUCCESS),
            Self::Refused { error, usage } => {
                say(&usage);
                print(&format!("{error}\n"), ExitCode::FAILURE)
            }
        }
    }
}

fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

fn print(text: &str, code: ExitCode) -> ExitCode {
    let mut stdout = io::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => code,
        Err(error) => fail(&error),
    }
}

fn fail(error: &(dyn Error + 'static)) -> ExitCode {
    let causes: Vec<String> = std::iter::successors(Some(error), |&error| error.source())
        .map(ToString::to_string)
        .collect();
    say(&format!("artifact-db: {}\n", causes.join(": ")));
    ExitCode::FAILURE
}

fn say(text: &str) {
    // Nobody is left to tell that nobody listens.
    let _ = io::stderr().write_all(text.as_bytes());
}
