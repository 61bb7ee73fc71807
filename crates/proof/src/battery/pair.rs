//! Two faults: one befalls the program, the other the one that follows on it.

use std::num::NonZeroUsize;

use super::tally::{Ended, Run, Violation};
use super::{Fault, Undisturbed};
use crate::{Ending, Line, Reached};

/// What befalls the second program.
const SECONDS: [Fault; 2] = [Fault::DiesAfter, Fault::AnswerLost];

/// The first program dies after a call of its; the second meets a fault as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub first: usize,
    second: usize,
    fault: Fault,
}

impl Pair {
    /// Of all pairs every `stride`-th, where each of the first's deaths is followed by this many calls of
    /// the second.
    pub(super) fn chosen(
        deaths: impl IntoIterator<Item = (usize, usize)>,
        stride: NonZeroUsize,
    ) -> Vec<Self> {
        let at = |first, second| SECONDS.map(|fault| Self { first, second, fault });
        let after = |(first, calls)| (0..calls).flat_map(move |second| at(first, second));
        deaths.into_iter().flat_map(after).step_by(stride.get()).collect()
    }

    /// The line of the first program.
    pub(super) fn dying(first: usize) -> Line {
        let line = Line::default();
        Fault::DiesAfter.befall(&line, first);
        line
    }

    /// The line of the second.
    pub(super) fn disturbing(self) -> Line {
        let line = Line::default();
        self.fault.befall(&line, self.second);
        line
    }

    /// Lets it take place.
    pub(super) async fn run(
        self,
        undisturbed: &Undisturbed,
        take_place: impl AsyncFnOnce(&mut Reached) -> Result<Ended, String>,
    ) -> Run {
        let (scenario, Self { first, second, fault }) = (undisturbed.scenario, self);
        let mut reached = Reached::default();
        let ended = take_place(&mut reached).await;
        let (name, how) = (scenario.name(), fault.name());
        let context = format!("{name}, dies after call {first}, then at call {second}: {how}");
        let ended = ended.map_err(|what| Violation { context, what });
        Run { scenario, fault, ended, reached }
    }
}

/// How the second program ended that did not come to its own end.
pub(super) fn cut_short(ending: &Ending) -> Ended {
    Ended::GoneOnWith(match ending {
        Ending::Died => "died",
        Ending::Told(_) => "failed",
    })
}
