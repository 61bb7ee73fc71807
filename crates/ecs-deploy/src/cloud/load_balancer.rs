use std::net::IpAddr;

/// A member of a target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetHealth {
    /// Its address; `None` for a target that is named by something else.
    pub address: Option<IpAddr>,
    /// AWS's id of the target: an address, an instance, a function.
    pub id: String,
    /// Its port.
    pub port: Option<u16>,
    /// How it is.
    pub state: HealthState,
    /// AWS's reason code, such as `Target.FailedHealthChecks`.
    pub reason: Option<String>,
    /// AWS's text to that reason.
    pub description: Option<String>,
}

/// How a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// Being registered, or asked for the first time.
    Initial,
    /// Fit to serve.
    Healthy,
    /// Fails its checks.
    Unhealthy,
    /// On its way out (`draining`, `unhealthy.draining`).
    Draining,
    /// The group is in no rule, or its zone is not enabled.
    Unused,
    /// Checks are switched off: it never becomes healthy.
    Unavailable,
    /// A state that this program does not know.
    Unknown,
}
