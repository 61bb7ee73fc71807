//! The program's own deploys, on clouds and behind a proxy that others wrote.

use std::process::Command;

use super::Silence;
use super::command::{isolated, told_by};
use crate::bench::Bench;
use crate::options::Extent;
use crate::python;
use crate::sandbox::Sandbox;
use crate::stand_in::StandIn;
use crate::tally::Tally;

/// moto for all services.
pub(super) fn on_moto(bench: &Bench) -> Result<Tally, Silence> {
    let moto = StandIn::moto_with_tasks(bench, None)?;
    let told = on_stand_ins(bench, &moto, &moto)?;
    Ok(Tally { version: python::version(bench, python::MOTO, "moto")?, ..told })
}

/// moto for ECS and STS, ministack for the balancer and the tables.
pub(super) fn on_moto_and_ministack(bench: &Bench) -> Result<Tally, Silence> {
    let ministack = StandIn::ministack(bench)?;
    let moto = StandIn::moto_with_tasks(bench, Some(&ministack))?;
    let told = on_stand_ins(bench, &moto, &ministack)?;
    let moto = python::version(bench, python::MOTO, "moto")?;
    let ministack = python::version(bench, python::MINISTACK, "ministack")?;
    Ok(Tally { version: format!("{moto}, {ministack}"), ..told })
}

/// The sandbox, with microburst before it.
pub(super) fn through_microburst(bench: &Bench) -> Result<Tally, Silence> {
    let sandbox = Sandbox::start(bench).map_err(Silence::broken)?;
    let microburst = StandIn::microburst(bench, &sandbox.endpoint)?;
    let ends = ["--sandbox", &sandbox.endpoint, "--microburst", &microburst.endpoint];
    let told = told_by(deploys(bench, "disturbed", &ends)?)?;
    let version = python::version(bench, python::MICROBURST, "microburst")?;
    Ok(Tally { version, ..told })
}

fn on_stand_ins(bench: &Bench, tasks: &StandIn, traffic: &StandIn) -> Result<Tally, Silence> {
    let ends = ["--tasks", &tasks.endpoint, "--traffic", &traffic.endpoint];
    told_by(deploys(bench, "on-stand-ins", &ends)?)
}

/// The Python module that lets the program deploy there.
fn deploys(bench: &Bench, place: &str, ends: &[&str]) -> Result<Command, Silence> {
    let mut command = isolated(&python::interpreter(bench, python::AWS_CLIENTS)?);
    command.args(["-m", "deploys", "--ecs-deploy"]).arg(&bench.ecs_deploy);
    if bench.extent == Extent::Short {
        command.arg("--short");
    }
    command.arg(place).args(ends).current_dir(bench.python_modules());
    Ok(command)
}
