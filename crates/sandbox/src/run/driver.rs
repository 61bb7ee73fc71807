//! What drives the cloud in real time: it steps the model, does what the model asks for, and tells
//! it what happened.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::runtime::Handle;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::doors::{Doors, ServedListener};
use super::log::Log;
use super::probe::probe;
use super::programs::Programs;
use super::proxy::Upstream;
use super::task::{Process, RunningTask, Tasks};
use crate::model::elb::{RequestHead, Routed, Target};
use crate::model::{Cloud, Job, Launch, ProbeOutcome, Report, Scope, Time};

/// How often the cloud is stepped when nobody calls it.
const STEP: Duration = Duration::from_millis(50);

/// How long requests and then tasks may take to end when the sandbox shuts down.
pub(super) const GRACE: Duration = Duration::from_secs(3);

/// The running cloud, shared by everything that serves it.
#[derive(Debug)]
pub(super) struct Core {
    state: Mutex<State>,
    programs: Programs,
    upstream: Upstream,
    clock: Clock,
    runtime: Handle,
    serving: TaskTracker,
    processes: TaskTracker,
    stopping: CancellationToken,
}

/// All under one lock, so that jobs are done in the order in which the model asked for them.
#[derive(Debug)]
struct State {
    cloud: Cloud,
    tasks: Tasks,
    doors: Doors,
}

impl Core {
    pub(super) fn new(
        cloud: Cloud,
        programs: Programs,
        upstream: Upstream,
        runtime: Handle,
    ) -> Self {
        let state = State { cloud, tasks: Tasks::default(), doors: Doors::default() };
        Self {
            state: Mutex::new(state),
            programs,
            upstream,
            clock: Clock::new(),
            runtime,
            serving: TaskTracker::new(),
            processes: TaskTracker::new(),
            stopping: CancellationToken::new(),
        }
    }

    /// Does something with the cloud as it is now, then what the cloud asks for because of it.
    pub(super) fn act<T>(self: &Arc<Self>, action: impl FnOnce(&mut Cloud, Time) -> T) -> T {
        let mut state = self.lock();
        let now = self.clock.now();
        state.cloud.step(now);
        let result = action(&mut state.cloud, now);
        state.cloud.step(now);
        self.carry_out(&mut state, now);
        result
    }

    /// Steps the cloud until the sandbox stops.
    pub(super) async fn drive(self: Arc<Self>) {
        let mut steps = tokio::time::interval(STEP);
        steps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while self.stopping.run_until_cancelled(steps.tick()).await.is_some() {
            self.act(|_, _| ());
        }
    }

    /// Where a request goes, and the real address of its target.
    pub(super) fn route(
        &self,
        scope: &Scope,
        listener: &str,
        node: usize,
        head: &RequestHead,
    ) -> (Routed, Option<SocketAddr>) {
        let mut state = self.lock();
        let routed = state.cloud.route(scope, listener, node, head, self.clock.now());
        let address = match &routed {
            Routed::Target { target, .. } => state.tasks.address(scope, *target),
            Routed::Respond { .. } => None,
        };
        (routed, address)
    }

    pub(super) fn now(&self) -> Time {
        self.clock.now()
    }

    pub(super) fn balancer_nodes(&self) -> usize {
        self.lock().cloud.settings.balancer_nodes
    }

    pub(super) fn upstream(&self) -> Upstream {
        self.upstream.clone()
    }

    /// Cancelled when the sandbox stops.
    pub(super) fn stopping(&self) -> &CancellationToken {
        &self.stopping
    }

    /// Runs something that ends soon after [`Self::stopping`] is cancelled.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.serving.spawn_on(task, &self.runtime);
    }

    pub(super) fn listeners(&self) -> Vec<ServedListener> {
        self.lock().doors.list().cloned().collect()
    }

    pub(super) fn tasks(&self) -> Vec<RunningTask> {
        self.lock().tasks.list()
    }

    pub(super) fn log(&self, task: &str) -> Option<Arc<Log>> {
        self.lock().tasks.log(task)
    }

    /// Stops serving, then ends all tasks, the slow ones by force.
    pub(super) async fn stop(&self) {
        self.stopping.cancel();
        self.serving.close();
        self.serving.wait().await;
        self.processes.close();
        self.lock().tasks.close();
        if tokio::time::timeout(GRACE, self.processes.wait()).await.is_err() {
            self.lock().tasks.kill();
            self.processes.wait().await;
        }
    }

    /// Stops serving and kills all tasks, without waiting.
    pub(super) fn kill(&self) {
        self.stopping.cancel();
        self.lock().tasks.kill();
    }

    fn carry_out(self: &Arc<Self>, state: &mut State, now: Time) {
        let _runtime = self.runtime.enter();
        for job in state.cloud.take_jobs() {
            match job {
                Job::Start(launch) => self.start(state, launch, now),
                Job::Stop { task, .. } => state.tasks.stop(&task),
                Job::Probe { scope, target_group, target, path, timeout } => {
                    let address = state.tasks.address(&scope, target);
                    let core = Arc::clone(self);
                    self.spawn(async move {
                        let outcome = core.ask(target, address, &path, timeout).await;
                        core.report(Report::Probed { scope, target_group, target, outcome });
                    });
                }
            }
        }
        if !self.stopping.is_cancelled() {
            state.doors.follow(state.cloud.listeners(), self);
        }
    }

    fn start(self: &Arc<Self>, state: &mut State, launch: Launch, now: Time) {
        let started = self.process(state, &launch);
        let Launch { scope, task, .. } = launch;
        let report = match started {
            Ok(None) => return,
            Ok(Some(process)) => {
                self.wait_for(process, scope.clone(), task.clone());
                Report::Running { scope, task }
            }
            Err(reason) => Report::StartFailed { scope, task, reason },
        };
        state.cloud.report(report, now);
    }

    /// A task's process, or why there is none, as ECS would say it.
    fn process(&self, state: &mut State, launch: &Launch) -> Result<Option<Process>, String> {
        let image = &launch.image;
        let program = self.programs.find(image).ok_or_else(|| {
            format!("CannotPullContainerError: failed to resolve ref {image}: {image}: not found")
        })?;
        state.tasks.start(launch, program).map_err(|error| {
            format!("CannotStartContainerError: {}: {error}", program.program.display())
        })
    }

    fn wait_for(self: &Arc<Self>, process: Process, scope: Scope, task: String) {
        let core = Arc::clone(self);
        let ended = async move {
            let code = process.ended().await;
            core.lock().tasks.ended(&task);
            core.report(Report::Exited { scope, task, code });
        };
        self.processes.spawn_on(ended, &self.runtime);
    }

    /// Probes a target; one that no task listens for refuses.
    async fn ask(
        &self,
        target: Target,
        address: Option<SocketAddr>,
        path: &str,
        timeout: Duration,
    ) -> ProbeOutcome {
        let Some(address) = address else { return ProbeOutcome::Refused };
        let probed = self.stopping.run_until_cancelled(probe(target, address, path, timeout)).await;
        probed.unwrap_or(ProbeOutcome::Timeout)
    }

    fn report(self: &Arc<Self>, report: Report) {
        self.act(|cloud, now| cloud.report(report, now));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The wall clock, which must not run backwards: read once, and from then on by a steady one.
#[derive(Debug)]
struct Clock {
    read: Duration,
    at: Instant,
}

impl Clock {
    fn new() -> Self {
        let read = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { read, at: Instant::now() }
    }

    fn now(&self) -> Time {
        Time(self.read + self.at.elapsed())
    }
}
