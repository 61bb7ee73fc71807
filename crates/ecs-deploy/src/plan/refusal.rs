use crate::names::{Color, TargetGroupArn, TaskSetId};
use crate::traffic::TrafficRefusal;

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
    /// The new version would run no task.
    #[error("the service's desired count is 0{}", zero_words(*running))]
    NothingDesired {
        /// Tasks that are live now.
        running: u32,
    },
    /// ECS takes no further task set, and none can be deleted.
    #[error(
        "the service has {} task sets that a deploy keeps, and ECS takes 5 at most: delete one of {} \
         that is not needed any more",
        task_sets.len(),
        list(task_sets)
    )]
    NoRoom {
        /// The sets.
        task_sets: Vec<TaskSetId>,
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
    /// Some requests would stay behind, or none would be moved.
    #[error("{0}")]
    Traffic(Box<TrafficRefusal>),
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
    /// Another color is live than the deploy saw.
    #[error(
        "{expected} was live when the deploy looked, and {} now; resume to continue from there",
        now.map_or("both colors are".to_owned(), |color| format!("{color} is"))
    )]
    LiveChanged {
        /// The color that was live.
        expected: Color,
        /// The one that is; `None` where both are.
        now: Option<Color>,
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
    /// Whether a deploy that is on its way, or that failed, would explain it: before the lock such a
    /// state is only reported.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Mixed { .. } | Self::ForeignTarget { .. } => true,
            Self::Traffic(refusal) => refusal.is_mixed,
            _ => false,
        }
    }
}

impl From<TrafficRefusal> for Refusal {
    fn from(refusal: TrafficRefusal) -> Self {
        Self::Traffic(Box::new(refusal))
    }
}

fn zero_words(running: u32) -> String {
    match running {
        0 => ": the new version would run no task, and nothing would be tested; set the desired count \
              first, or deploy with -allow-zero"
            .to_owned(),
        running => format!(
            " while {running} tasks are live: the new version would have none; set the desired count \
             first"
        ),
    }
}

fn list(ids: &[TaskSetId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
