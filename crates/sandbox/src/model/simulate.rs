//! A driver in the same process: tasks and targets that behave as their image says, in virtual time.
