//! Reads what the listeners of a balancer say.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;

use crate::cloud::{Cloud, CloudError, ErrorClass};
use crate::config::Target;
use crate::event::Reporter;
use crate::names::{ListenerArn, RulesDigest};
use crate::traffic::{Listener, ListenerRules, Scope, Traffic};

/// What is not known where listeners may not be listed.
const ONLY_NAMED: &str = "only the listeners that the config names are read, and a task set that \
                          another listener leads to would be taken for idle";

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
/// listed, of those that the config names.
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
    let is_complete = listed.is_some();
    let endpoints = endpoints(listed.unwrap_or_default(), &scope);
    let read = endpoints.into_iter().map(|(arn, endpoint)| rules(cloud, arn, endpoint, &scope));
    let seen = try_join_all(read).await?.into_iter().flatten().collect();
    Ok(Traffic::read(seen, &scope, is_complete, accepted))
}

/// Reads the rules of the one listener that the original reads.
pub(crate) async fn read_main(cloud: &Cloud, target: &Target) -> Result<Traffic, ListenerError> {
    let listener = target.listener.clone();
    let scope = Scope { listeners: vec![listener.clone()], ..target.traffic_scope() };
    let seen = rules(cloud, listener, None, &scope).await?;
    Ok(Traffic::read(seen.into_iter().collect(), &scope, false, None))
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

/// The rules of a listener; none where one that is not named was deleted meanwhile.
async fn rules(
    cloud: &Cloud,
    listener: ListenerArn,
    endpoint: Option<String>,
    scope: &Scope,
) -> Result<Option<ListenerRules>, ListenerError> {
    match cloud.load_balancer.rules(&listener).await {
        Ok(rules) => Ok(Some(ListenerRules { listener, endpoint, rules })),
        Err(error)
            if error.class == ErrorClass::NotFound && !scope.named().any(|it| *it == listener) =>
        {
            Ok(None)
        }
        Err(source) => Err(ListenerError { listener, source }),
    }
}
