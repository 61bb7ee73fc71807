//! Every call of a deploy goes wrong, in every way; the end is that of a deploy of which none did.
//!
//! A [`Scenario`] says what is disturbed and where it begins. It is run once as it is, which tells
//! how many calls it makes, how it ends and what it leaves behind: [`Undisturbed`]. Then a [`Fault`]
//! befalls each of the calls, in a world of its own each time, and there are two ways on. Forward
//! ([`meet`]): what is not done then is gone on with, and the cloud must be left as by the undisturbed
//! one. Back ([`meet_and_go_back`]): a rollback follows, whatever the deploy had done, and the version
//! before must serve as it did; [`Returns`] are the places to which that may lead. Either way, no
//! invariant may have been broken, and what follows may itself meet a fault ([`pairs`],
//! [`pairs_going_back`]).

mod back;
mod before;
mod end;
mod fault;
mod forward;
mod meeting;
mod must;
mod pair;
mod pairs;
mod pairs_back;
mod returns;
mod rollback;
mod scenario;
mod tally;
mod undisturbed;

pub use back::meet_and_go_back;
pub use fault::Fault;
pub use forward::meet;
pub use meeting::{Meeting, meetings};
pub use must::{must, must_going_back};
pub use pairs::pairs;
pub use pairs_back::pairs_going_back;
pub use returns::Returns;
pub use scenario::Scenario;
pub use tally::{Ended, Run, Tally, Violation};
pub use undisturbed::Undisturbed;
