use std::time::Duration;

/// How this cloud behaves where AWS's own behaviour varies: delays and limits.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How long after a change `DescribeTaskSets` and `DescribeServices` may still answer as before.
    pub answer_lag: Duration,
    /// When the first node of a balancer follows a changed rule.
    pub rule_delay_first: Duration,
    /// When the last node of a balancer follows a changed rule; the others lie between.
    pub rule_delay_last: Duration,
    /// How many nodes a balancer has; at least one.
    pub balancer_nodes: usize,
    /// How long a task stays PROVISIONING and PENDING before its container is started.
    pub task_start_delay: Duration,
    /// How often ECS tries again to start a task that failed, at first; it doubles up to 15 minutes.
    pub restart_delay: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            answer_lag: Duration::from_millis(500),
            rule_delay_first: Duration::from_millis(200),
            rule_delay_last: Duration::from_millis(800),
            balancer_nodes: 3,
            task_start_delay: Duration::from_millis(500),
            restart_delay: Duration::from_secs(1),
        }
    }
}
