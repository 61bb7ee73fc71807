//! Every call of a deploy goes wrong, in every way; the end is that of a deploy of which none did.
//!
//! A [`Scenario`] says what is disturbed and where it begins. It is run once as it is, which tells
//! how many calls it makes, how it ends and what it leaves behind: [`Undisturbed`]. Then a [`Fault`]
//! befalls each of the calls, in a world of its own each time ([`meet`]); what is not done then is
//! gone on with. Whatever happened, the cloud must be left as by the undisturbed one, and no invariant may have
//! been broken on the way.

mod crew;
mod end;
mod fault;
mod meeting;
mod must;
mod pairs;
mod scenario;
mod tally;
mod undisturbed;

pub use fault::Fault;
pub use meeting::{Meeting, meet, meetings};
pub use must::must;
pub use pairs::pairs;
pub use scenario::Scenario;
pub use tally::{Ended, Run, Tally, Violation};
pub use undisturbed::Undisturbed;
