//! The program's own deploys on clouds that others wrote.

use super::Silence;
use super::command::{isolated, told_by};
use crate::bench::Bench;
use crate::options::Extent;
use crate::python;
use crate::stand_in::StandIn;
use crate::tally::Tally;

/// moto for all services.
pub(super) fn on_moto(bench: &Bench) -> Result<Tally, Silence> {
    let moto = StandIn::moto_with_tasks(bench, None)?;
    let tally = deploy(bench, &moto, &moto)?;
    Ok(Tally { version: python::version(bench, python::MOTO), ..tally })
}

/// moto for ECS and STS, ministack for the balancer and the tables.
pub(super) fn on_moto_and_ministack(bench: &Bench) -> Result<Tally, Silence> {
    let ministack = StandIn::ministack(bench)?;
    let moto = StandIn::moto_with_tasks(bench, Some(&ministack))?;
    let tally = deploy(bench, &moto, &ministack)?;
    let versions = [python::MOTO, python::MINISTACK].map(|lock| python::version(bench, lock));
    Ok(Tally { version: versions.join(", "), ..tally })
}

fn deploy(bench: &Bench, tasks: &StandIn, traffic: &StandIn) -> Result<Tally, Silence> {
    let mut command = isolated(&python::interpreter(bench, python::AWS_CLIENTS)?);
    command.args(["-m", "deploys", "--ecs-deploy"]).arg(&bench.ecs_deploy);
    command.args(["--tasks", &tasks.endpoint, "--traffic", &traffic.endpoint]);
    if bench.extent == Extent::Short {
        command.arg("--short");
    }
    command.current_dir(bench.python_modules());
    told_by(command)
}
