//! Reads what the listeners of a balancer say.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::try_join_all;

use crate::cloud::{Cloud, CloudError, ErrorClass};
use crate::config::Target;
use crate::event::Reporter;
use crate::names::{ListenerArn, RulesDigest};
use crate::traffic::{Listener, ListenerRules, Scope, Traffic};

/// What is not known where listeners may not be listed.
const ONLY_NAMED: &str = "only the listeners that the config names are read, and a task set that \
                          another listener leads to would be taken for idle";

/// How long an answer about rules may lag behind a change.
pub(crate) const RULES_LAG: Duration = Duration::from_secs(2);

/// A listener could not be read.
#[derive(Debug)]
pub(crate) struct ListenerError {
    /// Which.
    pub listener: ListenerArn,
    /// Why.
    pub source: CloudError,
}

impl From<ListenerError> for CloudError {
    fn from(error: ListenerError) -> Self {
        error.source
    }
}

/// Reads the rules and default actions of all listeners of the balancer, or, where these may not be
/// listed, of those that the config names. Only the main listener has to be there.
pub(crate) async fn read(
    cloud: &Cloud,
    target: &Target,
    accepted: Option<&RulesDigest>,
    reporter: &Reporter<'_>,
) -> Result<Traffic, ListenerError> {
    let scope = target.traffic_scope();
    let of_main = |source| ListenerError { listener: target.listener.clone(), source };
    let listed = match cloud.load_balancer.listeners(&target.listener).await {
        // That there is no such balancer shows again in the rules of its listener.
        Err(error) if error.class == ErrorClass::NotFound => Some(Vec::new()),
        listed => reporter.or_skip(listed, ONLY_NAMED).map_err(of_main)?,
    };
    let endpoints = endpoints(listed.unwrap_or_default(), &scope);
    let read = endpoints.into_iter().map(|(arn, endpoint)| async {
        let is_main = arn == target.listener;
        match rules(cloud, arn, endpoint).await {
            Err(error) if error.source.class == ErrorClass::NotFound && !is_main => Ok(None),
            read => read.map(Some),
        }
    });
    let seen = try_join_all(read).await?.into_iter().flatten().collect();
    Ok(Traffic::read(seen, &scope, accepted))
}

/// Reads the rules of the one listener that the original reads.
pub(crate) async fn read_main(cloud: &Cloud, target: &Target) -> Result<Traffic, ListenerError> {
    let listener = target.listener.clone();
    let listeners = vec![listener.clone()];
    let scope = Scope { listeners, test_listener: None, ..target.traffic_scope() };
    let seen = rules(cloud, listener, None).await?;
    Ok(Traffic::read(vec![seen], &scope, None))
}

/// The listeners that are listed, and those that are named, each with how a person knows it.
fn endpoints(listed: Vec<Listener>, scope: &Scope) -> BTreeMap<ListenerArn, Option<String>> {
    let named = scope.named().map(|arn| (arn.clone(), None));
    let endpoint = |listener: Listener| {
        let Listener { arn, protocol, port } = listener;
        (arn, Some(format!("{protocol}:{port}")))
    };
    named.chain(listed.into_iter().map(endpoint)).collect()
}

async fn rules(
    cloud: &Cloud,
    listener: ListenerArn,
    endpoint: Option<String>,
) -> Result<ListenerRules, ListenerError> {
    match cloud.load_balancer.rules(&listener).await {
        Ok(rules) => Ok(ListenerRules { listener, endpoint, rules }),
        Err(source) => Err(ListenerError { listener, source }),
    }
}
