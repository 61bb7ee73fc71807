//! Somebody meddles with one deploy or rollback: at every moment and in every way, where schedules draw.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use ecs_deploy::{CommandPolicy, Mode};
use tokio::time::sleep;

use super::course::{Course, Trace};
use super::draw::{Beginning, Schedule, Trouble, Verb, Visit};
use super::meddling::Meddling;
use super::person::{Person, name_of};
use super::stage::Stage;
use super::{Outcome, bring_to_end};
use crate::Mishap;
use crate::crew;
use crate::spoken::spoken;

const DEATH: Mishap = Mishap::DiesAfter;

/// What is meddled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A deploy where a version serves.
    Deploy,
    /// One that has to delete another set first.
    DeployWithPrune,
    /// A rollback of a deploy that ended well.
    Rollback,
}

/// Who goes on afterwards, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// With the same command once more: `-resume` for a deploy.
    Again,
    /// With a rollback.
    RollBack,
}

/// When it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Just before the call with this number, if it is a read that shows it.
    Before(usize),
    /// When the program has died, after the call with this number.
    DeadAfter(usize),
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mischief {
    /// One thing.
    One(Meddling),
    /// The set that a deploy left is deleted, and another put in its place and marked PRIMARY.
    TakeOver,
    /// The version before serves again, what was deployed is deleted, and something else comes to serve
    /// in its place.
    Replace,
}

/// One course of events.
#[derive(Debug, Clone, Copy)]
pub struct Intrusion {
    /// What is meddled with.
    pub scene: Scene,
    /// When.
    pub moment: Moment,
    /// How.
    pub mischief: Mischief,
    /// What follows.
    pub next: Next,
}

/// Its name as words.
impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&spoken(self))
    }
}

impl Scene {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Deploy, Self::DeployWithPrune, Self::Rollback];

    fn verb(self) -> Verb {
        match self {
            Self::Deploy | Self::DeployWithPrune => Verb::Deploy(Mode::Fresh, "one"),
            Self::Rollback => Verb::RollBack(CommandPolicy::Run),
        }
    }

    async fn set(self, course: &Course) -> Stage {
        let beginning = match self {
            Self::DeployWithPrune => Beginning::Cluttered,
            Self::Deploy | Self::Rollback => Beginning::Serving,
        };
        let stage = Stage::set(&Schedule::calm(beginning), course.clone()).await;
        if self == Self::Rollback {
            // A rollback has to know the build that it goes back to.
            let mut ann = Person::new(&stage, "ann");
            for sha in ["three", "two"] {
                ann.run(Verb::Deploy(Mode::Fresh, sha).into(), None).await;
            }
        }
        stage
    }

    fn nexts(self) -> &'static [Next] {
        match self {
            Self::Deploy | Self::DeployWithPrune => &[Next::Again, Next::RollBack],
            Self::Rollback => &[Next::Again],
        }
    }

    /// How many calls it makes when nobody meddles.
    fn calls(self) -> usize {
        crew::in_virtual_time(async {
            let stage = self.set(&Course::new(Trace::Off)).await;
            let mut bob = Person::new(&stage, "bob");
            bob.run(self.verb().into(), None).await;
            bob.calls()
        })
    }
}

impl Mischief {
    /// All there is.
    pub fn all() -> impl Iterator<Item = Self> {
        Meddling::ALL.into_iter().map(Self::One).chain([Self::TakeOver, Self::Replace])
    }

    /// One thing after the other, each so many seconds after the one before.
    fn acts(self) -> Vec<(u64, Meddling)> {
        use Meddling::{DeleteSet, GoBack, MarkAnother, PlaceSet};
        match self {
            Self::One(meddling) => vec![(0, meddling)],
            Self::TakeOver => vec![(0, DeleteSet), (0, PlaceSet), (20, MarkAnother)],
            Self::Replace => vec![(0, GoBack), (0, DeleteSet), (0, PlaceSet), (20, GoBack)],
        }
    }
}

/// Its name as words.
impl fmt::Display for Mischief {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match self {
            Self::One(meddling) => spoken(meddling),
            several => spoken(several),
        })
    }
}

impl Moment {
    /// What befalls the program then.
    fn trouble(self, mischief: Mischief) -> Option<(usize, Trouble)> {
        match (self, mischief) {
            (Self::DeadAfter(call), _) => Some((call, Trouble::Mishap(DEATH))),
            (Self::Before(call), Mischief::One(meddling)) => {
                Some((call, Trouble::ByHand(meddling)))
            }
            (Self::Before(_), _) => None,
        }
    }
}

impl Next {
    fn verb(self, scene: Scene) -> Verb {
        match (self, scene) {
            (Self::RollBack, _) | (_, Scene::Rollback) => Verb::RollBack(CommandPolicy::Run),
            (Self::Again, _) => Verb::Deploy(Mode::Resume, "one"),
        }
    }
}

impl Intrusion {
    /// All there are of a scene at every `stride`-th of its calls.
    fn all(scene: Scene, stride: NonZeroUsize) -> Vec<Self> {
        let mut all = Vec::new();
        for call in (0..scene.calls()).step_by(stride.get()) {
            for mischief in Mischief::all() {
                let (moment, next) = (Moment::Before(call), Next::Again);
                all.push(Self { scene, moment, mischief, next });
                for next in scene.nexts() {
                    let moment = Moment::DeadAfter(call);
                    all.push(Self { scene, moment, mischief, next: *next });
                }
            }
        }
        all.retain(|it| it.moment.trouble(it.mischief).is_some());
        all
    }

    /// Runs it again, and tells its course.
    pub fn course(self) -> Vec<String> {
        crew::in_virtual_time(self.take_place(Trace::On)).course
    }

    async fn take_place(self, trace: Trace) -> Outcome {
        // The waits between attempts are jittered from here.
        fastrand::seed(0);
        let course = Course::new(trace);
        course.tell(format_args!("{self:?}"));
        let stage = self.scene.set(&course).await;
        let troubles = self.moment.trouble(self.mischief).into_iter().collect();
        let visit = Visit::at_once(self.scene.verb(), troubles);
        Person::new(&stage, "bob").work(vec![visit]).await;
        if let Moment::DeadAfter(_) = self.moment {
            for (after, meddling) in self.mischief.acts() {
                sleep(Duration::from_secs(after)).await;
                meddling.take_place(&stage).await;
            }
        }
        bring_to_end(&stage, self.next.verb(self.scene)).await
    }
}

/// Runs every `stride`-th intrusion upon a scene, and gives those in which somebody did meddle.
pub fn intrude(scene: Scene, stride: NonZeroUsize) -> Vec<(Intrusion, Outcome)> {
    let all = Intrusion::all(scene, stride);
    let ran = crew::each(&all, async |intrusion| intrusion.take_place(Trace::Off).await);
    let did_meddle =
        |outcome: &Outcome| outcome.troubles.0.keys().any(|name| name != name_of(DEATH));
    all.into_iter().zip(ran).filter(|(_, outcome)| did_meddle(outcome)).collect()
}
