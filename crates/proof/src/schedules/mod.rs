//! Random schedules: a few people who deploy one shop, and everything that can go wrong on the way.
//!
//! A schedule is drawn from one number and takes the same course each time. Two or three people deploy,
//! resume, start over and roll back versions of which some never come up, while calls fail, hang and
//! lose their answers, processes die and are paused, clocks jump, reads lag, and others meddle. Then
//! somebody goes on as the program says, until a good version is deployed. At every moment the
//! [`Invariants`](crate::Invariants) hold; in the end everything is as a deploy leaves it.
//!
//! What is drawn there is done one after the other by [`intrude`]: every kind of meddling at every moment of
//! one deploy or rollback.

mod advice;
mod course;
mod draw;
mod intrusion;
mod machine;
mod meddling;
mod must;
mod person;
mod recovery;
mod stage;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use course::{Course, Told};
pub use course::{Tally, Trace};
use draw::{PEOPLE, Schedule, Verb};
pub use intrusion::{Intrusion, Mischief, Moment, Next, Scene, intrude};
pub use must::{must, must_of_intrusions};
use person::Person;
use stage::Stage;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::Reached;

/// How a schedule went.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Stands for the whole course: equal for equal courses.
    pub digest: u64,
    /// How many calls were made.
    pub calls: u64,
    /// How the runs of the program ended.
    pub endings: Tally,
    /// What befell them.
    pub troubles: Tally,
    /// What was come by.
    pub reached: Reached,
    /// What did not hold.
    pub violations: Vec<String>,
    /// The course, where it was asked for.
    pub course: Vec<String>,
}

/// Runs the schedule of a seed, on a runtime of its own in virtual time.
///
/// # Panics
/// If there can be no runtime.
pub fn run(seed: u64, trace: Trace) -> Outcome {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.expect("a runtime needs nothing but memory");
    // The waits between attempts are jittered from here.
    fastrand::seed(seed);
    let ran = catch_unwind(AssertUnwindSafe(|| runtime.block_on(take_place(seed, trace))));
    let violations = vec!["panicked".to_owned()];
    ran.unwrap_or_else(|_| Outcome { violations, ..Outcome::default() })
}

async fn take_place(seed: u64, trace: Trace) -> Outcome {
    let schedule = Schedule::draw(seed);
    let course = Course::new(trace);
    course.tell(format_args!("{schedule:?}"));
    let stage = Stage::set(&schedule, course.clone()).await;
    let recovery = schedule.recovery;
    storm(&stage, schedule).await;
    course.tell("the storm is over");
    bring_to_end(&stage, recovery).await
}

/// Somebody goes on until a good version is deployed; tells what there is to tell.
async fn bring_to_end(stage: &Stage, first: Verb) -> Outcome {
    if let Some(success) = recovery::go_on(stage, first).await {
        sleep(Duration::from_secs(60)).await;
        recovery::look_at_end(stage, &success);
    }
    for violation in stage.violations() {
        stage.course.violation(violation);
    }
    stage.course.end().into()
}

/// Lets everybody do what is drawn for them, at once.
async fn storm(stage: &Stage, schedule: Schedule) {
    let mut everybody = JoinSet::new();
    for (visits, who) in schedule.people.into_iter().zip(PEOPLE) {
        everybody.spawn(Person::new(stage, who).work(visits));
    }
    let meddler = stage.clone();
    everybody.spawn(async move {
        for (after, meddling) in schedule.meddling {
            sleep(after).await;
            meddling.take_place(&meddler).await;
        }
    });
    while let Some(ended) = everybody.join_next().await {
        if let Err(panic) = ended {
            stage.course.violation(panic);
        }
    }
}

impl From<Told> for Outcome {
    fn from(told: Told) -> Self {
        let Told { digest, calls, endings, troubles, reached, violations, lines } = told;
        Self { digest, calls, endings, troubles, reached, violations, course: lines }
    }
}
