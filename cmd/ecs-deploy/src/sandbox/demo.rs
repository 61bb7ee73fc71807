//! `-sandbox`: the same deploy, against a local AWS of its own, under steady traffic.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use aws_credential_types::Credentials;
use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::{self, Config, ConfigError, Target};
use ecs_deploy::names::{AccountId, ConfigSha, Region};
use ecs_deploy::plan::Request;
use ecs_deploy::{Mode, Order};
use ecs_deploy_aws::{ConnectError, Options, Scope, SharedCredentialsProvider, connect};
use ecs_deploy_sandbox::run::traffic::{Sample, Traffic};
use tokio::time::{Instant, sleep_until};

use super::builds::{BAD, FIRST, SECOND};
use super::door::{Door, DoorError};
use super::table::{Swap, table};
use crate::args::Asked;
use crate::deploy::{End, drive, exit_of};
use crate::exit::{self, Exit};
use crate::render::words::line;
use crate::render::{Leave, Renderer};
use crate::report;
use crate::signals::Signals;

/// Requests per second.
const RATE: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// How long users are watched before the deploy, and after its balancer's last node has followed.
const BEFORE: Duration = Duration::from_secs(1);
const AFTER: Duration = Duration::from_secs(2);

/// The config that is deployed where none is named.
const EXAMPLE: &str = include_str!("../../../../deploy-config.example.json");
const EXAMPLE_NAME: &str = "deploy-config.example.json";

/// The version of a config that git does not know.
const NO_GIT: &str = "sandbox";

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the config has several {what}s: give -{flag}")]
    Several { what: &'static str, flag: &'static str },
    #[error(transparent)]
    Door(#[from] DoorError),
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error("the local AWS serves nothing at {0}")]
    NoTraffic(String),
    #[error("the program can't run")]
    System(#[from] std::io::Error),
}

/// Shows a deploy.
pub(crate) fn run(asked: &Asked) -> Exit {
    let shown = tokio::runtime::Runtime::new().map_err(DemoError::from).and_then(|runtime| {
        let shown = runtime.block_on(show(asked));
        runtime.shutdown_background();
        shown
    });
    shown.unwrap_or_else(|error| exit::refuse(&error, ""))
}

async fn show(asked: &Asked) -> Result<Exit, DemoError> {
    let mut signals = Signals::listen()?;
    let config = read(asked)?;
    let order = order(asked, &config)?;
    let opened = tokio::select! {
        opened = Door::open(&config, ([127, 0, 0, 1], 0).into()) => opened,
        () = signals.next() => return Ok(Exit::INTERRUPTED),
    };
    let door = opened?;
    let url = door.traffic_url(&order.request.target);
    let traffic = Traffic::start(url.parse().map_err(|_| DemoError::NoTraffic(url.clone()))?, RATE);
    let cloud = cloud(&door, &order.request.target).await?;
    let renderer = Renderer::of_a_demo();
    introduce(&renderer, &door, &order, asked);
    tokio::time::sleep(BEFORE).await;
    let (end, seen) = drive(&order, &cloud, &renderer, &mut signals).await;
    let swap = seen.swap_began.map(|began| Swap {
        began,
        // Without an end it is not known when, and the deploy's end is late enough.
        followed: seen.swap_ended.unwrap_or_else(std::time::Instant::now) + rule_delay(&door),
    });
    let samples = rest(traffic, swap, &end, &mut signals).await;
    conclude(&renderer, &order, &end, &samples, swap);
    let (exit, leave) = exit_of(&end);
    if leave == Leave::Calmly {
        tokio::select! {
            () = door.sandbox.shutdown() => {}
            () = signals.next() => {}
        }
    }
    renderer.finish(leave);
    Ok(exit)
}

fn read(asked: &Asked) -> Result<Config, ConfigError> {
    match &asked.config {
        Some(path) => config::read(Path::new(path)),
        None => Config::parse(EXAMPLE, EXAMPLE_NAME),
    }
}

fn order(asked: &Asked, config: &Config) -> Result<Order, DemoError> {
    let request = Request {
        target: target(asked, config)?,
        config_sha: config_sha(asked),
        sha: asked.sha.clone().unwrap_or_else(|| SECOND.sha.to_owned()),
    };
    Ok(Order { request, mode: asked.mode, commands: asked.commands })
}

/// The target that is named, or the only one that there can be: of the environments of one app, the
/// one that no other has to come before.
fn target(asked: &Asked, config: &Config) -> Result<Target, DemoError> {
    if let (Some(app), Some(env)) = (&asked.app, &asked.env) {
        return Ok(config.target(app, env)?);
    }
    let is_wanted =
        |name: &str, wanted: &Option<String>| wanted.as_ref().is_none_or(|wanted| wanted == name);
    let targets = config
        .environments()
        .filter(|(app, env)| {
            is_wanted(app.as_str(), &asked.app) && is_wanted(env.as_str(), &asked.env)
        })
        .map(|(app, env)| config.target(app.as_str(), env.as_str()))
        .collect::<Result<Vec<Target>, _>>()?;
    let mut first = targets
        .iter()
        .filter(|target| asked.env.is_some() || target.requires_previous_env.is_none());
    match (first.next(), first.next()) {
        (Some(only), None) => Ok(only.clone()),
        _ if asked.app.is_none() => Err(DemoError::Several { what: "app", flag: "app" }),
        _ => Err(DemoError::Several { what: "environment", flag: "env" }),
    }
}

/// What git says, or [`NO_GIT`]: nothing leaves this machine, so nothing has to be committed.
fn config_sha(asked: &Asked) -> ConfigSha {
    let of_git = || config::config_sha(Path::new(asked.config.as_ref()?)).ok();
    let known = asked.config_sha.clone().or_else(of_git);
    known.unwrap_or_else(|| NO_GIT.parse().expect("letters are a config SHA"))
}

async fn cloud(door: &Door, target: &Target) -> Result<Cloud, ConnectError> {
    let mut options = Options::default();
    options.environment = ecs_deploy_aws::Environment::given([]);
    options.endpoint = Some(door.endpoint());
    let config = scope(&target.config_region, &target.config_account);
    connect(&options, &config, &scope(&target.region, &target.account)).await
}

/// A region, in the name of an account: its number is the access key.
fn scope(region: &Region, account: &AccountId) -> Scope {
    let credentials = Credentials::new(account.as_str(), "none", None, None, "sandbox");
    Scope::new(region.clone()).with_credentials(SharedCredentialsProvider::new(credentials))
}

fn rule_delay(door: &Door) -> Duration {
    door.sandbox.with_cloud(|cloud| cloud.settings.rule_delay_last)
}

fn introduce(renderer: &Renderer, door: &Door, order: &Order, asked: &Asked) {
    let endpoint = door.endpoint();
    renderer.say(line("sandbox", &format!("local AWS at {endpoint}; nothing leaves this machine")));
    let Request { target, config_sha, .. } = &order.request;
    let (first, url) = (FIRST.value(&target.artifact_project), door.traffic_url(target));
    let environment = &target.environment;
    renderer.say(line(
        "sandbox",
        &format!("{first} serves {environment} on green at {url}; {RATE} requests/s"),
    ));
    if asked.config_sha.is_none() && config_sha.as_str() == NO_GIT {
        renderer
            .say(line("sandbox", "the config is not committed in git: its SHA is `sandbox` here"));
    }
}

/// Watches users until the swap is well over, then stops the traffic.
async fn rest(
    traffic: Traffic,
    swap: Option<Swap>,
    end: &End,
    signals: &mut Signals,
) -> Vec<Sample> {
    if let (Some(swap), End::Success(_) | End::Failure(_)) = (swap, end) {
        tokio::select! {
            () = sleep_until(Instant::from_std(swap.followed + AFTER)) => {}
            () = signals.next() => {}
        }
    }
    traffic.stop().await
}

fn conclude(renderer: &Renderer, order: &Order, end: &End, samples: &[Sample], swap: Option<Swap>) {
    match end {
        End::Success(success) => renderer.say(report::success(order, success)),
        End::Failure(failure) => {
            report::failure(failure, None).into_iter().for_each(|line| renderer.say(line));
        }
        End::Killed => renderer.say(line("killed", "at once")),
    }
    table(samples, swap).into_iter().for_each(|row| renderer.say(row));
    if let Some(next) = next(order, end) {
        renderer.say(line("next", &next));
    }
}

fn next(order: &Order, end: &End) -> Option<String> {
    let mode = order.mode == Mode::Fresh;
    match end {
        End::Success(_) if mode => {
            Some(format!("the same with -sha {}: watch a bad version being refused", BAD.sha))
        }
        End::Failure(_) => Some(format!("the same with -sha {}: a good version", SECOND.sha)),
        _ => None,
    }
}
