//! Blue/green deploys of Amazon ECS task sets: the library.
#![deny(missing_docs)]
