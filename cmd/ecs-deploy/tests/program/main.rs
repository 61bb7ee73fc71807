//! The program as its users run it: the real binary against `sandbox serve`, judged by the state of
//! the cloud and by what the balancer's users see.

mod bad_input;
mod bad_versions;
mod commands;
mod demo;
mod deploys;
mod handover;
mod interrupts;
mod left_behind;
mod lock_status;
mod output;
mod plan;
mod real_life;
mod rollback;
mod secrets;
mod status;
mod strikes;
mod support;
mod terminal;
mod traffic;
mod usage;
mod wait;
