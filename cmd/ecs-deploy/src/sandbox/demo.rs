//! `-sandbox`: the same deploy, against a local AWS of its own, under steady traffic.

use std::num::NonZeroU32;
use std::time::Duration;

use aws_credential_types::Credentials;
use ecs_deploy::Order;
use ecs_deploy::cloud::Cloud;
use ecs_deploy::config::Target;
use ecs_deploy::names::{AccountId, Region};
use ecs_deploy::plan::{Request, Wanted};
use ecs_deploy_aws::{ConnectError, Options, Scope, SharedCredentialsProvider, connect};
use ecs_deploy_sandbox::run::traffic::{Sample, Traffic};
use tokio::time::{Instant, sleep_until};

use super::builds::{BAD, FIRST, SECOND};
use super::choice::{Choice, ChoiceError, choose};
use super::door::{Door, DoorError};
use super::seed::host;
use super::table::{Swap, table};
use crate::args::Asked;
use crate::deploy::Deploy;
use crate::drive::{End, Job, drive, exit_of};
use crate::exit::{self, Exit};
use crate::render::words::line;
use crate::render::{Leave, Renderer};
use crate::report::{self, Command};
use crate::signals::Signals;

/// Requests per second.
const RATE: NonZeroU32 = NonZeroU32::new(50).unwrap();

/// How long users are watched before the deploy, and after its balancer's last node has followed.
const BEFORE: Duration = Duration::from_secs(1);
const AFTER: Duration = Duration::from_secs(2);

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error(transparent)]
    Choice(#[from] ChoiceError),
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
    let choice = choose(asked)?;
    let door = tokio::select! {
        door = Door::open(&choice.config, ([127, 0, 0, 1], 0).into()) => door?,
        () = signals.next() => return Ok(Exit::INTERRUPTED),
    };
    let renderer = Renderer::of_a_demo();
    introduce(&renderer, &door, &choice);
    let deploy = Deploy { order: &choice.order, command: Command::new(asked) };
    let end = under_traffic(&renderer, &door, &deploy, &mut signals).await?;
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

/// Deploys while users are served, and tells what they saw.
async fn under_traffic(
    renderer: &Renderer,
    door: &Door,
    deploy: &Deploy<'_>,
    signals: &mut Signals,
) -> Result<End, DemoError> {
    let target = deploy.target();
    let url = door.traffic_url(target);
    let url = url.parse().map_err(|_| DemoError::NoTraffic(url))?;
    let host = host(target, &door.targets);
    let traffic = Traffic::start_for(url, host, RATE);
    let cloud = cloud(door, target).await?;
    tokio::time::sleep(BEFORE).await;
    let (end, seen) = drive(deploy, &cloud, renderer, signals).await;
    let swap = seen.swap_began.map(|began| Swap {
        began,
        // Without an end it is not known when, and the deploy's end is late enough.
        followed: seen.swap_ended.unwrap_or_else(std::time::Instant::now) + rule_delay(door),
    });
    let samples = rest(traffic, swap, &end, signals).await;
    conclude(renderer, deploy.order, &end, &samples, swap);
    Ok(end)
}

async fn cloud(door: &Door, target: &Target) -> Result<Cloud, ConnectError> {
    let mut options = Options::default();
    options.environment = ecs_deploy_aws::Environment::given([]);
    options.endpoint = Some(door.endpoint());
    let config = scope(&target.config_region, &target.config_account);
    let service = scope(&target.region, &target.account);
    Ok(connect(&options, &config, &service).await?.cloud)
}

/// A region, in the name of an account: its number is the access key.
fn scope(region: &Region, account: &AccountId) -> Scope {
    let credentials = Credentials::new(account.as_str(), "none", None, None, "sandbox");
    Scope::new(region.clone()).with_credentials(SharedCredentialsProvider::new(credentials))
}

fn rule_delay(door: &Door) -> Duration {
    door.sandbox.with_cloud(|cloud| cloud.settings.rule_delay_last)
}

fn introduce(renderer: &Renderer, door: &Door, choice: &Choice) {
    let Request { target, .. } = &choice.order.request;
    let (first, url) = (FIRST.value(target), door.traffic_url(target));
    let (environment, endpoint) = (&target.environment, door.endpoint());
    let say = |heading, text: &str| renderer.say(line(heading, text));
    say("sandbox", &format!("local AWS at {endpoint}; nothing leaves this machine"));
    say("sandbox", &format!("{first} serves {environment} on green at {url}; {RATE} requests/s"));
    if choice.is_without_git() {
        say("sandbox", "git knows no commit of the config: its SHA is `sandbox` here");
    }
    for warning in choice.config.warnings() {
        say("warning", &warning.to_string());
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
    let (build, what) = match end {
        End::Success(_) => (BAD, "watch a bad version being refused"),
        End::Failure(_) => (SECOND, "a good version"),
        End::Killed => return None,
    };
    let Request { target, wanted, .. } = &order.request;
    let other = build.wanted(target);
    let flag = match &other {
        Wanted::Sha(sha) => format!("-sha {sha}"),
        Wanted::Image(image) => format!("-image {image}"),
    };
    (other != *wanted).then(|| format!("the same with {flag}: {what}"))
}
