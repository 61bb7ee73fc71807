//! `plan`: what a deploy would do.

use std::error::Error;
use std::fmt::Write;

use ecs_deploy::cloud::{Cloud, TaskSet};
use ecs_deploy::error::Failure;
use ecs_deploy::names::Color;
use ecs_deploy::plan::{Fate, Footing, Plan};
use ecs_deploy::steps::{Limit, TABLE};
use ecs_deploy::traffic::Pair;
use ecs_deploy::{CommandPolicy, Order, Runtime};
use tokio_util::sync::CancellationToken;

use crate::actor;
use crate::args::{Asked, Output};
use crate::exit::{self, Exit};
use crate::look::{Notes, drive};
use crate::prepare::{Prepared, connection_to, prepare};
use crate::render::words::{artifact, line};
use crate::report;

/// Prints the plan.
pub(crate) fn run(asked: &Asked, output: Output) -> Exit {
    begin(asked, output).unwrap_or_else(|error| exit::refuse(&*error, ""))
}

fn begin(asked: &Asked, output: Output) -> Result<Exit, Box<dyn Error>> {
    let Prepared { order, warnings } = prepare(asked)?;
    for warning in &warnings {
        exit::note(&line("warning", &warning.to_string()));
    }
    let planned = drive(async |cancel: &CancellationToken| {
        let connection = connection_to(&order.request.target).await?;
        Ok(connection.during(look(&order, &connection.cloud, cancel)).await)
    })?;
    Ok(match planned {
        Some(Ok(plan)) => match output {
            Output::Text => exit::print(&text(&order, &plan)),
            Output::Json => exit::print_json(&plan.summary(order.commands)),
        },
        Some(Err(failure)) => {
            exit::note(&format!("ecs-deploy: {}", report::error(&failure.error)));
            report::rules(&failure.error).iter().for_each(|line| exit::note(line));
            failure.kind.into()
        }
        None => Exit::INTERRUPTED,
    })
}

async fn look(order: &Order, cloud: &Cloud, cancel: &CancellationToken) -> Result<Plan, Failure> {
    let runtime = Runtime::of_this_machine(actor::of_this_process());
    let commands = order.commands;
    ecs_deploy::plan(&order.request, commands, cloud, &runtime, &Notes, cancel).await
}

fn text(order: &Order, plan: &Plan) -> String {
    let mut text = String::new();
    for line in head(plan).into_iter().chain(task_sets(plan)).chain(changes(plan)) {
        text.push_str(&line);
        text.push('\n');
    }
    steps(order, plan, &mut text);
    text
}

fn head(plan: &Plan) -> Vec<String> {
    let blueprint = &plan.blueprint;
    let target = &blueprint.target;
    let what = artifact(&blueprint.artifact);
    let service = &plan.preflight.service;
    let (cluster, name) = (&blueprint.service.cluster, &blueprint.service.service);
    let serving = plan.preflight.serving();
    vec![
        line(
            "plan",
            &format!(
                "{} {}  {what}  config {}",
                target.app, target.environment, blueprint.config_sha
            ),
        ),
        line(
            "service",
            &format!(
                "{name} in {cluster}, {} tasks; account {}, {}",
                service.desired_count, target.account, target.region
            ),
        ),
        line("serves", &format!("{serving}, by rules {}", priorities(plan))),
    ]
}

fn priorities(plan: &Plan) -> String {
    let serving = plan.preflight.serving();
    let pair = |pair: &Pair| {
        let of = |color: Color| format!("{color} {}", pair.rules[color].priority);
        format!("{} and {}{}", of(serving), of(serving.other()), place(plan, pair))
    };
    plan.preflight.traffic().pairs().map(pair).collect::<Vec<_>>().join(", ")
}

/// The listener of a pair, where there are several.
fn place(plan: &Plan, pair: &Pair) -> String {
    match plan.blueprint.target.further_listeners.is_empty() {
        true => String::new(),
        false => format!(" of {}", plan.preflight.traffic().name_of(&pair.listener)),
    }
}

fn task_sets(plan: &Plan) -> Vec<String> {
    let sets: Vec<String> =
        plan.fates().map(|(set, fate)| line("task set", &task_set(plan, set, fate))).collect();
    match sets.is_empty() {
        true => vec![line("task set", "none")],
        false => sets,
    }
}

fn task_set(plan: &Plan, set: &TaskSet, fate: Fate) -> String {
    let groups = &plan.blueprint.target.target_groups;
    let color = groups.find(|group| set.target_groups.contains(group));
    let place = color.map_or_else(|| "no color".to_owned(), |color| format!("on {color}"));
    let fate = match fate {
        Fate::Serves => "kept, it serves",
        Fate::Reachable => "kept, as it can't be shown that no request reaches it",
        Fate::Primary => "kept, it is PRIMARY",
        Fate::Drains => "goes by itself",
        Fate::Pruned => "deleted in step 4",
    };
    let definition = set.task_definition.family_revision();
    format!("{} {place}, {}, {definition}, {} running: {fate}", set.id, set.status, set.running)
}

fn changes(plan: &Plan) -> Vec<String> {
    let blueprint = &plan.blueprint;
    let new = plan.preflight.serving().other();
    let mut lines = Vec::new();
    if let Ok(Footing::MarkFirst(set)) = plan.preflight.footing() {
        lines.push(line("mends", &format!("{set} serves and is marked PRIMARY first")));
    }
    let images: Vec<&str> =
        plan.rendered.containers.iter().filter_map(|it| it["image"].as_str()).collect();
    lines.push(line(
        "creates",
        &format!("a revision of {} with {}", blueprint.target.family, images.join(", ")),
    ));
    lines.push(line(
        "creates",
        &format!("a task set on {new}, {} tasks", plan.preflight.service.desired_count),
    ));
    lines.extend(plan.preflight.traffic().pairs().map(|pair| {
        let (theirs, ours) = (pair.rules[new.other()].priority, pair.rules[new].priority);
        let place = place(plan, pair);
        line("swaps", &format!("{new} gets {theirs}, {} gets {ours}{place}", new.other()))
    }));
    lines.extend(plan.notes().iter().map(|note| line("note", note)));
    lines
}

fn steps(order: &Order, plan: &Plan, text: &mut String) {
    for row in TABLE {
        let limit = limit(row.limit, plan);
        let skipped = match order.commands {
            CommandPolicy::Skip if row.limit == Limit::EachCommand => "; left out",
            _ => "",
        };
        let number = row.step.number();
        // Writing to a string can't fail.
        let _ = writeln!(text, "{number:>2} {:<8}  {:<56} {limit}{skipped}", row.name, row.purpose);
    }
}

fn limit(limit: Limit, plan: &Plan) -> String {
    let target = &plan.blueprint.target;
    match limit {
        Limit::Fixed(limit) => format!("{limit:?}"),
        Limit::Rollout => format!("{:?}", target.rollout_timeout),
        Limit::EachCommand => format!("{:?} each", target.command_timeout),
        Limit::Drain => "as long as old tasks may take to end".to_owned(),
    }
}
