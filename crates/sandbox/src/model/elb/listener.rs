//! Listeners.

use std::collections::BTreeMap;

use super::propagation::Propagation;
use super::{Action, Elb, Priority, Resource, Rule, arn};
use crate::model::{ApiError, Time};

/// A listener of a balancer.
#[derive(Debug, Clone)]
pub struct Listener {
    /// Its ARN.
    pub arn: String,
    /// Its protocol, such as `HTTP`.
    pub protocol: String,
    /// Its port.
    pub port: u16,
    balancer: String,
    pub(super) propagation: Propagation,
    /// How many requests each rule was given, for the weighted choice.
    pub(super) turns: BTreeMap<String, u64>,
}

impl Listener {
    /// The ARN of its balancer.
    pub fn balancer(&self) -> &str {
        &self.balancer
    }

    /// Whether it is one of an Application Load Balancer: those alone have rules.
    pub fn is_application(&self) -> bool {
        arn::part(&self.arn, 1) == "app"
    }
}

impl Elb {
    /// Makes a listener under a given ARN, unless it exists, with a default rule of these actions.
    ///
    /// # Errors
    /// `ValidationError` when `arn` does not name a listener, `LoadBalancerNotFound` when its
    /// balancer is not there, `DuplicateListener` when another listener has the port,
    /// `UnsupportedProtocol`, and those of unusable actions.
    pub fn put_listener(
        &mut self,
        arn: &str,
        protocol: &str,
        port: u16,
        default_actions: Vec<Action>,
        now: Time,
    ) -> Result<&Listener, ApiError> {
        Resource::Listener.check(arn)?;
        if !self.listeners.contains_key(arn) {
            let listener = Listener {
                arn: arn.to_owned(),
                protocol: protocol.to_owned(),
                port,
                balancer: arn::balancer_of(arn),
                propagation: Propagation::default(),
                turns: BTreeMap::new(),
            };
            self.check_listener(&listener)?;
            let actions = self.check_actions(&listener, default_actions)?;
            self.listeners.insert(arn.to_owned(), listener);
            self.put_default_rule(arn, actions, now);
        }
        self.listener(arn)
    }

    fn put_default_rule(&mut self, listener: &str, actions: Vec<Action>, now: Time) {
        let rule = Rule {
            // A listener has one default rule, so its own id tells it apart.
            arn: arn::rule_of(listener, arn::part(listener, 4)),
            listener: listener.to_owned(),
            priority: Priority::Default,
            conditions: Vec::new(),
            actions,
            transforms: Vec::new(),
        };
        self.keep(rule, now);
    }

    fn check_listener(&self, listener: &Listener) -> Result<(), ApiError> {
        self.balancer(&listener.balancer)?;
        let protocols: &[&str] = match listener.is_application() {
            true => &["HTTP", "HTTPS"],
            false => &["TCP", "TLS", "UDP", "TCP_UDP"],
        };
        if !protocols.contains(&listener.protocol.as_str()) {
            let message = format!("Protocol '{}' must be one of {protocols:?}", listener.protocol);
            return Err(ApiError::client("UnsupportedProtocol", message));
        }
        if listener.port == 0 {
            let message = "The port of a listener is from 1 to 65535";
            return Err(ApiError::client("ValidationError", message));
        }
        let same_port = |other: &Listener| {
            other.balancer == listener.balancer
                && other.port == listener.port
                && other.arn != listener.arn
        };
        if self.listeners.values().any(same_port) {
            let message = format!("A listener already exists on port {}", listener.port);
            return Err(ApiError::client("DuplicateListener", message));
        }
        Ok(())
    }

    /// Changes a listener's protocol, port or default actions; what is not given stays.
    ///
    /// # Errors
    /// `ListenerNotFound` and those of [`Self::put_listener`].
    pub fn modify_listener(
        &mut self,
        arn: &str,
        protocol: Option<String>,
        port: Option<u16>,
        default_actions: Option<Vec<Action>>,
        now: Time,
    ) -> Result<&Listener, ApiError> {
        let mut listener = self.listener(arn)?.clone();
        listener.protocol = protocol.unwrap_or(listener.protocol);
        listener.port = port.unwrap_or(listener.port);
        self.check_listener(&listener)?;
        let actions =
            default_actions.map(|actions| self.check_actions(&listener, actions)).transpose()?;
        self.listeners.insert(arn.to_owned(), listener);
        if let Some(actions) = actions {
            self.put_default_rule(arn, actions, now);
        }
        self.listener(arn)
    }

    /// A listener by its ARN.
    ///
    /// # Errors
    /// `ListenerNotFound`.
    pub fn listener(&self, arn: &str) -> Result<&Listener, ApiError> {
        self.listeners.get(arn).ok_or_else(|| {
            ApiError::client("ListenerNotFound", format!("Listener '{arn}' not found"))
        })
    }

    /// The actions of a listener's default rule.
    pub fn default_actions(&self, listener: &str) -> &[Action] {
        let is_wanted = |rule: &&Rule| rule.is_default() && rule.listener == listener;
        self.rules.values().find(is_wanted).map_or(&[], |rule| &rule.actions)
    }

    /// All listeners.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        self.listeners.values()
    }

    /// Deletes a listener with its rules.
    ///
    /// # Errors
    /// `ListenerNotFound`.
    pub fn delete_listener(&mut self, arn: &str, now: Time) -> Result<(), ApiError> {
        self.listener(arn)?;
        self.listeners.remove(arn);
        let gone: Vec<String> = self.rules_of(arn).map(|rule| rule.arn.clone()).collect();
        for rule in &gone {
            self.rules.remove(rule);
            self.tags.remove(rule);
        }
        self.tags.remove(arn);
        self.follow_use(now);
        Ok(())
    }
}
