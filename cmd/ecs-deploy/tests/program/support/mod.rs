//! A sandbox of a test's own, and the program run against it.

mod aws;
mod door;
mod proxy;
mod relay;
mod run;
mod scene;
mod tap;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use ecs_deploy_sandbox::run::traffic::Traffic;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

pub(crate) use aws::{Cloud, LISTENER};
pub(crate) use door::{Door, Hold};
pub(crate) use relay::Relay;
pub(crate) use run::{Ended, Running};
pub(crate) use tap::{Call, Fate, Tap, answer};

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const FIRST: &str = "9e1d00a";
pub(crate) const SECOND: &str = "2b7f1c9";
pub(crate) const THIRD: &str = "5ca1ab1";

/// The file that a sandbox's standard error goes to.
const SANDBOX_SAID: &str = "sandbox.stderr";

/// How many sandboxes run at once: each has several processes, and a machine may have two cores.
static ROOM: Semaphore = Semaphore::const_new(4);

/// `sandbox serve` with its config; it ends with this.
pub(crate) struct Sandbox {
    pub(crate) cloud: Cloud,
    pub(crate) traffic: SocketAddr,
    /// What it told when it was ready.
    pub(crate) ready: Value,
    config: PathBuf,
    folder: tempfile::TempDir,
    _process: Child,
    _room: tokio::sync::SemaphorePermit<'static>,
}

/// The config of one account, with these commands before and after the swap.
pub(crate) fn config(pre: &[Value], post: &[Value]) -> Value {
    let text = include_str!("../../../../../fixtures/one-account.json");
    let mut config: Value = serde_json::from_str(text).unwrap();
    let shop = &mut config["Apps"]["shop"];
    shop["PreDeployCommandTemplates"] = json!(pre);
    shop["PostDeployCommandTemplates"] = json!(post);
    shop["Environments"].as_object_mut().unwrap().remove("prod");
    shop["Environments"]["dev"]["Deployment"]["SettleTime"] = json!("1s");
    config
}

/// The config of one account, without commands.
pub(crate) fn one_account() -> Value {
    config(&[], &[])
}

/// A command of a config that a shell runs.
pub(crate) fn shell(script: &str) -> Value {
    json!({"Program": "sh", "Arguments": ["-c", script]})
}

/// The binary, with nothing of the caller's environment but what finds programs.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecs-deploy"));
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap()).kill_on_drop(true);
    command
}

impl Sandbox {
    /// A sandbox whose deploys run no commands.
    pub(crate) async fn start() -> Self {
        Self::with_commands(&[], &[]).await
    }

    pub(crate) async fn with_commands(pre: &[Value], post: &[Value]) -> Self {
        Self::of(&config(pre, post).to_string()).await
    }

    /// A sandbox of another config.
    pub(crate) async fn of(config: &str) -> Self {
        let room = ROOM.acquire().await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deploy.json");
        std::fs::write(&path, config).unwrap();
        let mut process = program()
            .args(["sandbox", "serve", "-listen=127.0.0.1:0", "--config"])
            .arg(&path)
            .stdout(Stdio::piped())
            .stderr(std::fs::File::create(folder.path().join(SANDBOX_SAID)).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).await.unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self {
            cloud: Cloud::new(address(&ready["Endpoint"])),
            traffic: address(&ready["Environments"][0]["TrafficURL"]),
            ready,
            config: path,
            folder,
            _process: process,
            _room: room,
        }
    }

    /// The config in which an environment has to come before `dev`.
    pub(crate) fn gate_dev_behind(&self, previous: &str) -> PathBuf {
        let mut config = config(&[], &[]);
        let environments = &mut config["Apps"]["shop"]["Environments"];
        environments[previous] = environments["dev"].clone();
        environments["dev"]["RequiresPreviousEnvDeploy"] = json!(previous);
        let path = self.folder.path().join("gated.json");
        std::fs::write(&path, config.to_string()).unwrap();
        path
    }

    /// What the sandbox wrote to its standard error so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(SANDBOX_SAID)).unwrap()
    }

    /// The folder that the config file is in.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The config file.
    pub(crate) fn config(&self) -> &std::path::Path {
        &self.config
    }

    /// A deploy of a version, with these flags more.
    pub(crate) fn command(&self, sha: &str, flags: &[&str]) -> Command {
        self.command_at(self.cloud.endpoint, &[], sha, flags)
    }

    /// The same behind another endpoint, or of another verb.
    pub(crate) fn command_at(
        &self,
        endpoint: SocketAddr,
        verb: &[&str],
        sha: &str,
        flags: &[&str],
    ) -> Command {
        let mut command = self.look_at(endpoint, verb);
        command.args(["-env", "dev", "-config-sha", "1a2b3c4d", "-sha", sha]).args(flags);
        command
    }

    /// A verb about the app.
    pub(crate) fn look(&self, verb: &[&str]) -> Command {
        self.look_at(self.cloud.endpoint, verb)
    }

    fn look_at(&self, endpoint: SocketAddr, verb: &[&str]) -> Command {
        let mut command = program();
        command.args(verb).arg("-config").arg(&self.config).args(["-app", "shop"]);
        log_in(&mut command, endpoint);
        command
    }

    /// Runs the command that was told as what to do next, as a shell does.
    pub(crate) async fn paste(&self, told: &str) -> Ended {
        let line = told.lines().find_map(|line| Some(line.split_once("next     ecs-deploy ")?.1));
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &format!("\"$0\" {}", line.expect("a command"))])
            .arg(program().as_std().get_program())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap());
        log_in(&mut shell, self.cloud.endpoint);
        Running::start(shell).ended().await
    }

    /// Deploys a version and waits for the end.
    pub(crate) async fn deploy(&self, sha: &str, flags: &[&str]) -> Ended {
        Running::start(self.command(sha, flags)).ended().await
    }

    /// Steady traffic through the balancer.
    pub(crate) fn users(&self) -> Traffic {
        self.users_of(self.traffic, None)
    }

    /// The same through one of its listeners, and for a host.
    pub(crate) fn users_of(&self, listener: SocketAddr, host: Option<&str>) -> Traffic {
        let url = format!("http://{listener}/").parse().unwrap();
        Traffic::start_for(url, host.map(str::to_owned), 50.try_into().unwrap())
    }

    /// Waits until a listener's users of a host get a version.
    pub(crate) async fn version_of(&self, listener: SocketAddr, host: Option<&str>, sha: &str) {
        let mut seen = String::new();
        for _ in 0..50 {
            let mut asked = http::Request::get("/");
            if let Some(host) = host {
                asked = asked.header("host", host);
            }
            seen = aws::version_for(listener, asked).await;
            if seen == sha {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("users get {seen}, not {sha}");
    }

    /// Where one of the listeners that the config named at the start listens.
    pub(crate) fn listener(&self, number: usize) -> SocketAddr {
        address(&self.ready["Environments"][0]["Listeners"][number]["TrafficURL"])
    }

    /// The version that the balancer's users get, once all of its nodes follow the rules.
    pub(crate) async fn version(&self) -> String {
        tokio::time::sleep(Duration::from_millis(900)).await;
        aws::version(self.traffic).await
    }
}

/// The address in a URL.
fn address(url: &Value) -> SocketAddr {
    let url = url.as_str().unwrap().strip_prefix("http://").unwrap();
    url.trim_end_matches('/').parse().unwrap()
}

/// Gives a program the credentials of the account at an endpoint.
fn log_in(command: &mut Command, endpoint: SocketAddr) {
    command
        .env("AWS_ENDPOINT_URL", format!("http://{endpoint}"))
        .env("AWS_ACCESS_KEY_ID", ACCOUNT)
        .env("AWS_SECRET_ACCESS_KEY", "none");
}

/// Ends the traffic, all of whose requests have to have been answered; gives the versions.
pub(crate) async fn all_answered(traffic: Traffic) -> std::collections::BTreeSet<String> {
    let samples = traffic.stop().await;
    assert!(samples.len() > 50, "too few requests to tell");
    let version = |sample: &ecs_deploy_sandbox::run::traffic::Sample| {
        assert!(!sample.failed(), "{sample:?}");
        sample.outcome.as_ref().unwrap().version.clone().unwrap()
    };
    samples.iter().map(version).collect()
}
