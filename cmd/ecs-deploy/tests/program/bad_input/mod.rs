//! What users get wrong, and what the program tells them: each case is a file in
//! `fixtures/bad-input`, with the command line, the exit code, the calls that changed something and
//! all that was printed. `BLESS=1` writes the files anew.

mod artifact;
mod balancer;
mod case;
mod commands;
mod config;
mod credentials;
mod endpoint;
mod line;
mod lock;
#[cfg(target_os = "linux")] // Others have no /dev/full.
mod output;
mod theme;
