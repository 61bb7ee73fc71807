//! Load balancers.

use super::{Elb, Resource, arn};
use crate::model::{ApiError, Time};

/// What a balancer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BalancerKind {
    /// An Application Load Balancer.
    Application,
    /// A Network Load Balancer: it is there to be seen, and carries no traffic.
    Network,
}

impl BalancerKind {
    /// AWS's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Network => "network",
        }
    }

    /// Its part of an ARN.
    pub fn arn_part(self) -> &'static str {
        match self {
            Self::Application => "app",
            Self::Network => "net",
        }
    }
}

/// A load balancer.
#[derive(Debug, Clone)]
pub struct LoadBalancer {
    /// Its ARN.
    pub arn: String,
    /// `internet-facing` or `internal`.
    pub scheme: String,
    /// Its subnets.
    pub subnets: Vec<String>,
    /// Its security groups.
    pub security_groups: Vec<String>,
    /// When it was created.
    pub created: Time,
}

impl LoadBalancer {
    /// Its name.
    pub fn name(&self) -> &str {
        arn::part(&self.arn, 2)
    }

    /// What it is.
    pub fn kind(&self) -> BalancerKind {
        match arn::part(&self.arn, 1) {
            "net" => BalancerKind::Network,
            _ => BalancerKind::Application,
        }
    }

    /// Its DNS name, which nothing resolves.
    pub fn dns_name(&self) -> String {
        let region = self.arn.split(':').nth(3).unwrap_or_default();
        format!("{}-{}.{region}.elb.amazonaws.com", self.name(), arn::part(&self.arn, 3))
    }
}

impl Elb {
    /// Makes a balancer under a given ARN, unless it exists; the ARN says which kind it is.
    ///
    /// # Errors
    /// `ValidationError` when `arn` does not name a balancer, `DuplicateLoadBalancerName` when
    /// another one has its name.
    pub fn put_load_balancer(
        &mut self,
        arn: &str,
        now: Time,
    ) -> Result<&mut LoadBalancer, ApiError> {
        Resource::LoadBalancer.check(arn)?;
        let name = arn::part(arn, 2);
        if self.balancers.values().any(|other| other.name() == name && other.arn != arn) {
            let message = format!("A load balancer with the name '{name}' exists already");
            return Err(ApiError::client("DuplicateLoadBalancerName", message));
        }
        Ok(self.balancers.entry(arn.to_owned()).or_insert_with(|| LoadBalancer {
            arn: arn.to_owned(),
            scheme: "internet-facing".to_owned(),
            subnets: Vec::new(),
            security_groups: Vec::new(),
            created: now,
        }))
    }

    /// A balancer by its ARN.
    ///
    /// # Errors
    /// `LoadBalancerNotFound`.
    pub fn balancer(&self, arn: &str) -> Result<&LoadBalancer, ApiError> {
        self.balancers.get(arn).ok_or_else(|| {
            ApiError::client("LoadBalancerNotFound", format!("Load balancer '{arn}' not found"))
        })
    }

    /// All balancers.
    pub fn balancers(&self) -> impl Iterator<Item = &LoadBalancer> {
        self.balancers.values()
    }

    /// Deletes a balancer with its listeners; one that is gone already is no error.
    pub fn delete_load_balancer(&mut self, arn: &str, now: Time) {
        let of_balancer = |listener: &&super::Listener| listener.balancer() == arn;
        let gone: Vec<String> =
            self.listeners.values().filter(of_balancer).map(|l| l.arn.clone()).collect();
        for listener in gone {
            // It was listed just now, so it can't be missing.
            let _ = self.delete_listener(&listener, now);
        }
        self.balancers.remove(arn);
        self.tags.remove(arn);
    }
}
