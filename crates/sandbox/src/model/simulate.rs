//! A driver in the same process: tasks and targets that behave as their image says, in virtual time.

mod behaviour;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use behaviour::{Behaviour, OnStop};

use super::elb::Target;
use super::{Cloud, Job, Launch, ProbeOutcome, Report, Scope, Time};

/// Does what a [`Cloud`] asks for, without any process: an image's [`Behaviour`] tells what becomes
/// of its tasks. Equal runs are alike.
///
/// Call [`drive`](Self::drive) at each moment that matters; [`next_due`](Self::next_due) and
/// [`Cloud::next_due`] tell which is next.
#[derive(Debug, Default)]
pub struct Simulator {
    /// What the tasks of an image do; those of any other do as [`Behaviour::default`] says.
    pub behaviours: BTreeMap<String, Behaviour>,
    processes: BTreeMap<String, Process>,
    due: BTreeMap<(Time, u64), Report>,
    reports_ever: u64,
}

#[derive(Debug)]
struct Process {
    launch: Launch,
    behaviour: Behaviour,
    runs_from: Time,
}

impl Simulator {
    /// Lets everything that is due by `now` happen, in the cloud and to its tasks.
    pub fn drive(&mut self, cloud: &mut Cloud, now: Time) {
        loop {
            cloud.step(now);
            for job in cloud.take_jobs() {
                self.accept(job, now);
            }
            let Some(report) = self.take_due(now) else {
                return;
            };
            self.tell(cloud, report, now);
        }
    }

    /// When the next report is due.
    pub fn next_due(&self) -> Option<Time> {
        self.due.keys().next().map(|(at, _)| *at)
    }

    fn take_due(&mut self, now: Time) -> Option<Report> {
        let first = self.due.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    fn tell(&mut self, cloud: &mut Cloud, report: Report, now: Time) {
        if let Some(task) = report.task() {
            // A process that has ended tells nothing more, whatever it was about to do.
            if !self.processes.contains_key(task) {
                return;
            }
            if !matches!(report, Report::Running { .. }) {
                self.processes.remove(task);
            }
        }
        cloud.report(report, now);
    }

    fn plan(&mut self, report: Report, at: Time) {
        self.reports_ever += 1;
        self.due.insert((at, self.reports_ever), report);
    }

    fn accept(&mut self, job: Job, now: Time) {
        match job {
            Job::Start(launch) => self.start(launch, now),
            Job::Stop { scope, task } => self.stop(scope, task, now),
            Job::Probe { scope, target_group, target, .. } => {
                let outcome = self.probe(&scope, &target, now);
                self.plan(Report::Probed { scope, target_group, target, outcome }, now);
            }
        }
    }

    fn start(&mut self, launch: Launch, now: Time) {
        let behaviour = self.behaviours.get(&launch.image).cloned().unwrap_or_default();
        let (scope, task) = (launch.scope.clone(), launch.task.clone());
        let runs_from = now + behaviour.start_after;
        if let Some(reason) = behaviour.pull_fails.clone() {
            self.plan(Report::StartFailed { scope, task, reason }, runs_from);
        } else {
            self.plan(Report::Running { scope: scope.clone(), task: task.clone() }, runs_from);
            if let Some((after, code)) = behaviour.exits {
                self.plan(Report::Exited { scope, task, code }, runs_from + after);
            }
        }
        self.processes.insert(launch.task.clone(), Process { launch, behaviour, runs_from });
    }

    fn stop(&mut self, scope: Scope, task: String, now: Time) {
        let Some(process) = self.processes.get(&task) else {
            return;
        };
        let (after, code) = match process.behaviour.on_stop {
            OnStop::Ends { after, code } if after <= process.launch.stop_timeout => (after, code),
            OnStop::Ends { .. } | OnStop::Ignores => (process.launch.stop_timeout, KILLED),
        };
        self.plan(Report::Exited { scope, task, code }, now + after);
    }

    fn probe(&self, scope: &Scope, target: &Target, now: Time) -> ProbeOutcome {
        let listens = |process: &&Process| {
            process.launch.scope == *scope
                && process.launch.ip == target.ip
                && process.launch.port == target.port
                && process.runs_from <= now
        };
        self.processes
            .values()
            .find(listens)
            .map_or(ProbeOutcome::Refused, |it| it.behaviour.answer(now.since(it.runs_from)))
    }
}

/// The exit code of a process that SIGKILL ended.
const KILLED: i32 = 137;
