//! A local AWS with the table, and the program that is sent to it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use ecs_deploy_sandbox::model::dynamo::{
    AttributeValue, Billing, Item, KeyAttribute, KeySchema, KeyType,
};
use ecs_deploy_sandbox::model::{Cloud, Scope, Settings, Time};
use ecs_deploy_sandbox::run::{Options, Program, Programs, Sandbox};
use tokio::runtime::Runtime;

const ACCOUNT: &str = "111111111111";

/// A local AWS with an empty table.
pub(crate) struct Bench {
    sandbox: Sandbox,
    _runtime: Runtime,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let runtime = Runtime::new().unwrap();
        let mut cloud = Cloud::new(Settings::default());
        create_table(&mut cloud, "us-east-1", "ArtifactDB");
        // No task runs here.
        let idle = Program { program: "true".into(), args: Vec::new(), env: BTreeMap::new() };
        let entered = runtime.enter();
        let sandbox = Sandbox::start(cloud, Options::new(Programs::new(idle))).unwrap();
        drop(entered);
        Self { sandbox, _runtime: runtime }
    }

    /// Adds an empty table.
    pub(crate) fn add_table(&self, region: &str, name: &str) {
        self.sandbox.with_cloud(|cloud| create_table(cloud, region, name));
    }

    /// Stores a row as another program might have written it.
    pub(crate) fn put(&self, id: (&str, u64), members: &[(&str, AttributeValue)]) {
        let mut item = key(id);
        item.insert("Value".to_owned(), format!("{}:{}", id.0, id.1).into());
        item.extend(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        self.sandbox.with_cloud(|cloud| {
            cloud.region(&scope("us-east-1")).dynamo.put("ArtifactDB", item).unwrap();
        });
    }

    /// A row as it is stored.
    pub(crate) fn row(&self, id: (&str, u64)) -> Option<Item> {
        self.sandbox.with_cloud(|cloud| {
            let table = cloud.region(&scope("us-east-1")).dynamo.table("ArtifactDB").unwrap();
            table.get(&key(id)).unwrap().cloned()
        })
    }

    /// Runs the program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        run_at(self.sandbox.endpoint(), arguments)
    }

    /// Runs the program, which has to succeed without a word on stderr; gives its output.
    pub(crate) fn output(&self, arguments: &[&str]) -> String {
        self.run(arguments).output()
    }

    /// The command that runs the program.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        command(self.sandbox.endpoint(), arguments)
    }
}

impl Ended {
    /// What a run printed that has to have succeeded without a word on stderr.
    pub(crate) fn output(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (Some(0), ""), "{self:?}");
        self.stdout
    }
}

/// Runs the program against an endpoint.
pub(crate) fn run_at(endpoint: SocketAddr, arguments: &[&str]) -> Ended {
    ended(command(endpoint, arguments).output().unwrap())
}

pub(crate) fn ended(output: std::process::Output) -> Ended {
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The program as the deploy program starts it: nothing in the environment but credentials. The
/// endpoint stands for AWS.
fn command(endpoint: SocketAddr, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_artifact-db"));
    command
        .args(arguments)
        .env_clear()
        .env("AWS_ACCESS_KEY_ID", ACCOUNT)
        .env("AWS_SECRET_ACCESS_KEY", "nobody checks it")
        .env("AWS_SESSION_TOKEN", "nor this")
        .env("AWS_ENDPOINT_URL", format!("http://{endpoint}"))
        .stdin(Stdio::null());
    command
}

fn create_table(cloud: &mut Cloud, region: &str, name: &str) {
    let schema = KeySchema {
        hash: KeyAttribute::new("ProjectName", KeyType::S),
        range: Some(KeyAttribute::new("BuildNumber", KeyType::N)),
    };
    let tables = &mut cloud.region(&scope(region)).dynamo;
    tables.create(name, schema, Billing::PayPerRequest, Time::default()).unwrap();
}

fn scope(region: &str) -> Scope {
    Scope { account: ACCOUNT.to_owned(), region: region.to_owned() }
}

fn key((project, build): (&str, u64)) -> Item {
    Item::from([
        ("ProjectName".to_owned(), project.into()),
        ("BuildNumber".to_owned(), build.into()),
    ])
}

/// A map of texts.
pub(crate) fn map(pairs: &[(&str, &str)]) -> AttributeValue {
    AttributeValue::M(
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).into())).collect(),
    )
}

/// A list of texts.
pub(crate) fn list(texts: &[&str]) -> AttributeValue {
    AttributeValue::L(texts.iter().map(|text| (*text).into()).collect())
}
