use crate::names::{Color, ListenerArn, TargetGroupArn, TaskSetId};
use crate::traffic::RulesError;

/// Why a deploy may not start from what the cloud looks like: it would end in an outage or a mix of
/// versions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// There is no such service.
    #[error("cluster {cluster} has no service {service}; create it, or mend Cluster and Family")]
    NoService {
        /// The cluster.
        cluster: String,
        /// The service.
        service: String,
    },
    /// The service is being deleted.
    #[error("the service {service} is {status}, not ACTIVE")]
    NotActive {
        /// The service.
        service: String,
        /// Its status.
        status: String,
    },
    /// The service is deployed by something else.
    #[error(
        "the service {service} has the deployment controller {controller}; task sets need EXTERNAL, \
         which can only be chosen when a service is created"
    )]
    NotExternal {
        /// The service.
        service: String,
        /// Its controller.
        controller: String,
    },
    /// A new set would be empty while users are served.
    #[error(
        "the service's desired count is 0 while {running} tasks serve: the new version would have \
         none; set the desired count first"
    )]
    NothingDesired {
        /// Tasks that serve now.
        running: u32,
    },
    /// There is no such listener.
    #[error("there is no listener {listener}; create it, or mend ListenerARN")]
    NoListener {
        /// Its ARN.
        listener: String,
    },
    /// There is no such target group.
    #[error("there is no {color} target group {group}; create it, or mend TargetGroupARNs")]
    NoTargetGroup {
        /// Whose.
        color: Color,
        /// Its ARN.
        group: TargetGroupArn,
    },
    /// The listener's rules do not tell the colors.
    #[error("the colors can't be told from the listener {listener}")]
    Rules {
        /// Its ARN.
        listener: String,
        /// Why.
        source: RulesError,
    },
    /// Something that is not of the service would be served after the swap.
    #[error(
        "the {color} target group holds {target}, which is no task of the service: users would reach \
         it after the swap; deregister it first"
    )]
    ForeignTarget {
        /// Whose group.
        color: Color,
        /// The target.
        target: String,
    },
    /// The swap took place, and what it was for is not there.
    #[error(
        "{serving} serves, and {task_set}, which the deploy made to serve there, does not stand behind \
         it any more; let the version before serve again by a rollback, or use -start-over"
    )]
    NewSetGone {
        /// The color that serves.
        serving: Color,
        /// The set.
        task_set: TaskSetId,
    },
    /// The new set was switched off.
    #[error(
        "{task_set}, which the deploy made, is scaled to 0 %: scale it to 100 % and resume, or use \
         -start-over"
    )]
    SwitchedOff {
        /// The set.
        task_set: TaskSetId,
    },
    /// Another set would be served after the swap, too.
    #[error(
        "{task_set} runs tasks behind {color} and was not made by this deploy: users would reach both \
         after the swap; resume to have it deleted"
    )]
    Stranger {
        /// The set.
        task_set: TaskSetId,
        /// The color that the swap leads to.
        color: Color,
    },
    /// PRIMARY is not what serves.
    #[error(
        "{primary} is PRIMARY and stands behind {stands}, while {serving} serves with {behind}: a \
         deploy could delete what serves; mark the set that serves PRIMARY, or swap the rules back"
    )]
    Mixed {
        /// The PRIMARY set.
        primary: TaskSetId,
        /// Where it stands.
        stands: String,
        /// What serves.
        serving: Color,
        /// What stands behind that, in words.
        behind: String,
    },
}

impl Refusal {
    /// The refusal of a listener's rules.
    pub(crate) fn of_rules(listener: &ListenerArn, source: RulesError) -> Self {
        Self::Rules { listener: listener.to_string(), source }
    }

    /// Whether a deploy that is on its way, or that failed, would explain it: before the lock such a
    /// state is only reported.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Mixed { .. } | Self::ForeignTarget { .. })
    }
}
