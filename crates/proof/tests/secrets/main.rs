//! Secrets show up nowhere: recognisable ones are planted wherever a team has them, and looked for
//! in everything that a deploy tells and leaves behind.
//!
//! Arguments of commands count as secrets, the names of programs do not.

mod ends;
mod log;
mod plants;
mod repeated;
mod shown;
