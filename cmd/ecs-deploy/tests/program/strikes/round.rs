//! One deploy that something befalls while users are served, and how it is gone on with.

use std::time::{Duration, Instant};

use ecs_deploy_sandbox::run::traffic::Traffic;
use nix::sys::signal::Signal;
use tokio::sync::OnceCell;
use tokio::time::sleep;

use super::lot::{Lot, Strike};
use crate::support::{Ended, FIRST, Relay, Running, SECOND, Sandbox, THIRD, Tap, all_answered};

/// Longer than the lease.
const PAUSE: Duration = Duration::from_secs(11);

/// How long AWS is silent.
const SILENCE: Duration = Duration::from_secs(30);

/// How long the cloud may take to come to rest.
const SETTLES: Duration = Duration::from_secs(20);

/// How many commands a user pastes before giving up.
const PASTED: usize = 3;

/// A deploy that nothing befalls.
pub(super) struct Undisturbed {
    scene: String,
    /// How many calls it makes before it has the lock.
    before_lock: usize,
    /// How many after that.
    calls: usize,
}

/// A sandbox with users in which a second version replaces a third one, and a first one is pruned.
struct Stage {
    sandbox: Sandbox,
    users: Traffic,
    tap: Tap,
    /// What the program takes for AWS.
    relay: Relay,
}

impl Stage {
    async fn set() -> Self {
        let sandbox = Sandbox::start().await;
        let users = sandbox.users();
        sandbox.deploy(THIRD, &[]).await.with(0);
        // The next deploy is to find it finished: reads lag.
        assert_eq!(sandbox.version().await, THIRD);
        let tap = Tap::on(sandbox.cloud.endpoint).await;
        let relay = Relay::before(tap.address).await;
        Self { sandbox, users, tap, relay }
    }

    fn deploy(&self) -> Running {
        Running::start(self.sandbox.command_at(self.relay.address, &[], SECOND, &[]))
    }

    /// Lets it come over the deploy; gives how that ended.
    async fn strike(&self, strike: Strike, deploy: Running) -> Ended {
        match strike {
            Strike::Killed => deploy.signal(Signal::SIGKILL),
            Strike::AskedToEnd => deploy.signal(Signal::SIGTERM),
            Strike::Stopped => {
                deploy.signal(Signal::SIGSTOP);
                sleep(PAUSE).await;
                deploy.signal(Signal::SIGCONT);
            }
            Strike::Overtaken => {
                deploy.signal(Signal::SIGSTOP);
                self.go_on().await;
                deploy.signal(Signal::SIGCONT);
            }
            Strike::CutOff => {
                self.relay.stand_still();
                sleep(SILENCE).await;
                self.relay.go_on();
            }
        }
        deploy.ended().await
    }

    /// Goes on with the deploy as a user would: with `-resume`, and where that is refused with the
    /// command that is told, if one is.
    async fn go_on(&self) {
        let mut ended = self.sandbox.deploy(SECOND, &["-resume"]).await;
        for _ in 0..PASTED {
            if ended.code == Some(0) || !ended.stderr.contains("next     ") {
                return;
            }
            ended = self.sandbox.paste(&ended.stderr).await;
        }
        panic!("{PASTED} commands did not help: {}", ended.stderr);
    }

    /// Ends the traffic, which nobody may have noticed anything in; gives how many requests it was.
    async fn everybody_was_served(self) -> usize {
        // The balancer's nodes follow late.
        assert_eq!(self.sandbox.version().await, SECOND);
        let requests = self.users.counters().read().answered.values().sum::<u64>();
        let seen = all_answered(self.users).await;
        assert_eq!(seen, [FIRST, SECOND, THIRD].map(String::from).into());
        usize::try_from(requests).unwrap()
    }
}

impl Undisturbed {
    /// Runs it when it is needed first.
    pub(super) async fn known() -> &'static Self {
        static RUN: OnceCell<Undisturbed> = OnceCell::const_new();
        RUN.get_or_init(Self::run).await
    }

    async fn run() -> Self {
        let stage = Stage::set().await;
        stage.deploy().ended().await.with(0);
        let seen = stage.tap.seen();
        let locked = seen.iter().position(|seen| seen.call.action == "dynamodb:PutItem");
        let before_lock = locked.expect("it took the lock") + 1;
        let calls = stage.tap.count() - before_lock;
        // Reads lag, and tasks take their time to end.
        sleep(Duration::from_secs(2)).await;
        let scene = stage.sandbox.cloud.scene().await;
        stage.everybody_was_served().await;
        Self { scene, before_lock, calls }
    }

    /// Plays a round: the cloud has to come to what it is without it. Gives what there is to tell.
    pub(super) async fn compare(&self, lot: Lot) -> String {
        let stage = Stage::set().await;
        let mut deploy = stage.deploy();
        let was_struck = tokio::select! {
            () = stage.tap.came(lot.call(self.before_lock, self.calls)) => true,
            () = deploy.over() => false,
        };
        let ended = if was_struck {
            sleep(lot.after).await;
            stage.strike(lot.strike, deploy).await
        } else {
            deploy.ended().await
        };
        assert!(ends_well(&ended, lot.strike), "{lot}: {:?}: {}", ended.code, ended.stderr);
        stage.go_on().await;
        self.is_come_to(&stage.sandbox, lot).await;
        let requests = stage.everybody_was_served().await;
        let code = ended.code.map_or("no code".to_owned(), |code| format!("code {code}"));
        format!("{lot}: ended with {code}; {requests} requests, 0 failed")
    }

    async fn is_come_to(&self, sandbox: &Sandbox, lot: Lot) {
        let begun = Instant::now();
        let mut scene = sandbox.cloud.scene().await;
        while scene != self.scene && begun.elapsed() < SETTLES {
            sleep(Duration::from_millis(300)).await;
            scene = sandbox.cloud.scene().await;
        }
        assert!(scene == self.scene, "{lot}: {}", differences(&scene, &self.scene));
    }
}

/// The lines that only one of two texts has.
fn differences(struck: &str, undisturbed: &str) -> String {
    let only = |one: &str, other: &str, mark: &str| -> String {
        let other: Vec<&str> = other.lines().collect();
        let lines = one.lines().filter(|line| !other.contains(line));
        lines.map(|line| format!("\n{mark} {line}")).collect()
    };
    only(undisturbed, struck, "-") + &only(struck, undisturbed, "+")
}

/// Whether a deploy that was struck ended in a way that is documented.
fn ends_well(ended: &Ended, strike: Strike) -> bool {
    match strike {
        Strike::Killed => matches!(ended.code, None | Some(0)),
        Strike::AskedToEnd => matches!(ended.code, Some(0 | 130)),
        Strike::Stopped | Strike::Overtaken | Strike::CutOff => {
            matches!(ended.code, Some(0 | 1 | 6))
        }
    }
}
