//! The real program against a local AWS.

mod bench;
mod canned;
mod ends;
mod reads;
mod tags;
mod writes;
