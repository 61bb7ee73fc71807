//! What is planted, and how it is looked for.

use std::error::Error;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ecs_deploy::config::{Config, Target};
use ecs_deploy::event::{Event, EventSink};
use ecs_deploy::{Failure, Mode, Success};
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_proof::{Line, Team, stage};
use ecs_deploy_sandbox::model::dynamo::AttributeValue;
use http::Response;
use serde::Serialize;
use serde_json::{Value, json};

use crate::log;

/// The word that every planted secret has in it, and nothing else.
pub(crate) const PLANT: &str = "plant";

/// A password in which quoting matters.
pub(crate) const PASSWORD: &str = r#"plant"pass\word<&>"#;

/// A team with secrets everywhere, and those that the sandbox has handed out to it.
pub(crate) struct Garden {
    pub(crate) team: Team,
    handed_out: Arc<Mutex<Vec<String>>>,
}

/// The config; `roles` says whether it names some.
pub(crate) fn config(roles: bool) -> Config {
    let mut config: Value = serde_json::from_str(include_str!("config.json")).unwrap();
    if roles {
        config["ConfigRoleARN"] = json!("arn:aws:iam::111111111111:role/lock");
        config["Apps"]["shop"]["DeployRoleARN"] = json!("arn:aws:iam::222222222222:role/deploy");
    }
    Config::parse(&config.to_string(), "shop.json").unwrap()
}

impl Garden {
    /// With CloudTamer.
    pub(crate) fn new() -> Self {
        Self::of(&config(false))
    }

    /// With a session's key, and roles that are assumed by it.
    pub(crate) fn with_roles() -> Self {
        let mut garden = Self::of(&config(true));
        let token = ("AWS_SESSION_TOKEN".to_owned(), "plant-session-token".to_owned());
        garden.team.variables.push(token);
        garden
    }

    fn of(config: &Config) -> Self {
        log::listen();
        let team = Team::new(config, PASSWORD);
        let handed_out = Arc::default();
        let heard = Arc::clone(&handed_out);
        team.world.overhear(move |answer| remember(answer, &heard));
        Self { team, handed_out }
    }

    pub(crate) fn target(&self) -> &Target {
        &self.team.targets[0]
    }

    /// Deploys; everything that is told on the way has no secret in it.
    pub(crate) async fn deploy(&self, line: &Line, sha: &str, mode: Mode) -> Ended {
        let (order, heard) = (self.team.order(self.target(), sha, mode), Heard::default());
        self.assert_hidden("the order", &format!("{order:?}"));
        let deploy = self.team.deploy(&order, line, &heard);
        let ended = line.unless_dead(deploy).await;
        for told in heard.0.lock().unwrap().drain(..) {
            self.assert_hidden("an event", &told);
        }
        self.assert_nothing_is_left();
        match ended {
            None => Ended::Died,
            Some(Err(error)) => {
                self.assert_error_hides("no connection", &error);
                Ended::NotConnected
            }
            Some(Ok(ended)) => {
                self.assert_hidden("the end", &format!("{ended:?} {ended:#?}"));
                if let Err(failure) = &ended {
                    self.assert_error_hides("the failure", &failure.error);
                    self.assert_hidden("the changes", &changes(failure));
                }
                Ended::Told(Box::new(ended))
            }
        }
    }

    /// Whether tokens or keys were handed out, which are looked for as well.
    pub(crate) fn was_handed_secrets(&self) -> bool {
        self.handed_out.lock().unwrap().len() >= 4
    }

    /// What is found in the tables and in the log has no secret in it.
    fn assert_nothing_is_left(&self) {
        self.team.world.with(|cloud, _| {
            let tables = &cloud.region(&stage::config_scope(self.target())).dynamo;
            for table in [LOCK_TABLE, ARTIFACT_TABLE] {
                for item in tables.table(table).unwrap().items() {
                    for value in item.values() {
                        self.assert_hidden(table, &words(value));
                    }
                }
            }
        });
        self.assert_hidden("the log", &log::heard());
    }

    /// An error, as it is told and as it is shown.
    pub(crate) fn assert_error_hides(&self, what: &str, error: &dyn Error) {
        self.assert_hidden(what, &format!("{error:?} {error:#?}"));
        let mut cause = Some(error);
        while let Some(error) = cause {
            self.assert_hidden(what, &error.to_string());
            cause = error.source();
        }
    }

    /// What is told as data, and how it is shown.
    pub(crate) fn assert_data_hides(&self, what: &str, data: &(impl Serialize + Debug)) {
        self.assert_hidden(what, &serde_json::to_string_pretty(data).unwrap());
        self.assert_hidden(what, &format!("{data:?}"));
    }

    #[track_caller]
    pub(crate) fn assert_hidden(&self, what: &str, text: &str) {
        let handed_out = self.handed_out.lock().unwrap();
        let secrets = handed_out.iter().map(String::as_str).chain([PLANT]);
        for secret in secrets {
            if let Some(at) = text.find(secret) {
                let begin = text.floor_char_boundary(at.saturating_sub(300));
                let end = text.ceil_char_boundary((at + 100).min(text.len()));
                panic!("{what} shows {secret}: …{}…", &text[begin..end]);
            }
        }
    }
}

/// How a deploy ended.
pub(crate) enum Ended {
    Died,
    NotConnected,
    Told(Box<Result<Success, Failure>>),
}

impl Ended {
    pub(crate) fn failure(self) -> Failure {
        match self {
            Self::Told(ended) => ended.expect_err("it failed"),
            Self::NotConnected | Self::Died => panic!("it told nothing"),
        }
    }

    pub(crate) fn is_success(&self) -> bool {
        matches!(self, Self::Told(ended) if ended.is_ok())
    }
}

/// Keeps every event in the forms in which it may be shown.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl EventSink for Heard {
    fn emit(&self, event: Event) {
        let told = format!("{} {event:?}", serde_json::to_string(&event).unwrap());
        self.0.lock().unwrap().push(told);
    }
}

/// Remembers the tokens and keys in an answer of CloudTamer and of STS.
fn remember(answer: &Response<Bytes>, heard: &Mutex<Vec<String>>) {
    let mut heard = heard.lock().unwrap();
    if let Ok(answer) = serde_json::from_slice::<Value>(answer.body()) {
        for secret in [
            "/data/access/token",
            "/data/refresh/token",
            "/data/secret_access_key",
            "/data/session_token",
        ] {
            heard.extend(answer.pointer(secret).and_then(Value::as_str).map(str::to_owned));
        }
    }
    let xml = String::from_utf8_lossy(answer.body());
    for secret in ["<SecretAccessKey>", "<SessionToken>"] {
        let after = xml.split_once(secret).and_then(|(_, after)| after.split_once('<'));
        heard.extend(after.map(|(secret, _)| secret.to_owned()));
    }
}

fn changes(failure: &Failure) -> String {
    failure.changed.iter().map(|change| change.effect.to_string()).collect()
}

fn words(value: &AttributeValue) -> String {
    match value {
        AttributeValue::B(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => format!("{other:?}"),
    }
}
