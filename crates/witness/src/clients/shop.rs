//! The shop that the clients use, and what is changed behind its balancer.

use std::error::Error;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::bench::Bench;
use crate::sandbox::Sandbox;
use crate::tally::Check;
use crate::witnesses::isolated;

/// Its config, from the workspace; everything is in one account.
const CONFIG: &str = "fixtures/one-account.json";
const APP: &str = "shop";
const ENVIRONMENT: &str = "dev";
const ACCOUNT: &str = "111111111111";
const REGION: &str = "us-east-1";

/// A sandbox with the shop in it.
#[derive(Debug)]
pub(crate) struct Shop<'a> {
    bench: &'a Bench,
    sandbox: Sandbox,
    listener: String,
    /// Where its users are served, with a slash at the end.
    pub(crate) url: String,
}

/// A rule that forwards to one of the colors.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    arn: String,
    priority: u32,
}

impl<'a> Shop<'a> {
    /// Opens it with its first version.
    pub(crate) fn open(bench: &'a Bench) -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::of(bench, &bench.root.join(CONFIG))?;
        let config: Value = serde_json::from_slice(&std::fs::read(bench.root.join(CONFIG))?)?;
        let listener = &config["Apps"][APP]["Environments"][ENVIRONMENT]["ListenerARN"];
        let listener = listener.as_str().ok_or("the config names no listener")?.to_owned();
        let mut environments = sandbox.environments.iter();
        let environment = environments.find(|it| it.environment == ENVIRONMENT);
        let url = environment.ok_or("the sandbox has no such environment")?.traffic_url.clone();
        Ok(Self { bench, sandbox, listener, url })
    }

    /// Deploys a build as anybody would.
    pub(crate) fn deploy(&self, sha: &str) -> Check {
        let faults = self.deployed(sha).err().map(|error| error.to_string());
        Check {
            check: format!("the deploy of {sha} succeeds"),
            faults: faults.into_iter().collect(),
        }
    }

    fn deployed(&self, sha: &str) -> Result<(), Box<dyn Error>> {
        let mut command = isolated(&self.bench.ecs_deploy);
        command
            .args(["-config", CONFIG, "-app", APP, "-env", ENVIRONMENT, "-sha", sha])
            .args(["-config-sha", "witness", "-skip-pre-post"])
            .current_dir(&self.bench.root)
            .env("AWS_ENDPOINT_URL", &self.sandbox.endpoint)
            .env("AWS_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", ACCOUNT)
            .env("AWS_SECRET_ACCESS_KEY", "none");
        told(&mut command).map(|_| ())
    }

    /// The version that answers now.
    pub(crate) fn version(&self) -> Result<String, Box<dyn Error>> {
        let mut command = isolated(Path::new("curl"));
        command.args(["--silent", "--show-error", "--max-time", "30", "--output", "/dev/null"]);
        told(command.args(["--write-out", "%header{x-version}", &self.url]))
    }

    /// Exchanges the priorities of both colors' rules.
    pub(crate) fn swap(&self) -> Result<(), Box<dyn Error>> {
        let listener = format!("ListenerArn={}", self.listener);
        let rules = rules(&self.call("DescribeRules", &listener)?);
        let [one, other] = &rules[..] else {
            return Err(format!("{} rules, not two", rules.len()).into());
        };
        let pair = |number: u8, rule: &Rule, priority: u32| {
            let member = format!("RulePriorities.member.{number}");
            format!("{member}.RuleArn={}&{member}.Priority={priority}", rule.arn)
        };
        let form = [pair(1, one, other.priority), pair(2, other, one.priority)].join("&");
        self.call("SetRulePriorities", &form).map(|_| ())
    }

    /// Calls the balancer's API.
    fn call(&self, operation: &str, form: &str) -> Result<String, Box<dyn Error>> {
        let authorization = format!(
            "Authorization: AWS4-HMAC-SHA256 \
             Credential={ACCOUNT}/20260101/{REGION}/elasticloadbalancing/aws4_request, \
             SignedHeaders=host, Signature=00"
        );
        let form = format!("Action={operation}&Version=2015-12-01&{form}");
        let mut command = isolated(Path::new("curl"));
        command.args(["--silent", "--show-error", "--fail-with-body", "--max-time", "30"]);
        command.args(["--header", &authorization, "--data", &form, &self.sandbox.endpoint]);
        told(&mut command)
    }
}

/// What a command that went well wrote; else its last words are the error.
fn told(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let Output { status, stdout, stderr } = command.stdin(Stdio::null()).output()?;
    let words = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if status.success() {
        return Ok(words(&stdout));
    }
    Err(format!("{status}: {} {}", words(&stdout), words(&stderr)).into())
}

/// The rules of a listener but for its default one.
fn rules(xml: &str) -> Vec<Rule> {
    let (arns, priorities) = (texts(xml, "RuleArn"), texts(xml, "Priority"));
    let rule = |(arn, priority): (&str, &str)| {
        Some(Rule { arn: arn.to_owned(), priority: priority.parse().ok()? })
    };
    arns.into_iter().zip(priorities).filter_map(rule).collect()
}

/// The texts of all elements of a name, which holds no others.
fn texts<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let after = xml.split(&begin).skip(1);
    after.filter_map(|rest| rest.split_once(&end).map(|(text, _)| text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_without_the_default_one() {
        let member = |priority: &str, arn: &str| {
            format!("<member><Priority>{priority}</Priority><RuleArn>{arn}</RuleArn></member>")
        };
        let all = member("11", "a") + &member("12", "b") + &member("default", "c");
        let rule = |arn: &str, priority| Rule { arn: arn.to_owned(), priority };
        assert_eq!(rules(&all), [rule("a", 11), rule("b", 12)]);
    }
}
