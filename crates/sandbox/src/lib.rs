//! A local AWS that knows nothing of its clients: ECS task sets, an Application Load Balancer,
//! DynamoDB and STS.
//!
//! - [`model`]: the cloud as a pure state machine, stepped by a time it is given.
//! - [`wire`]: AWS's protocols, as one function from request to response.
//! - [`run`]: that cloud for real on loopback, with child processes as tasks and a reverse proxy as
//!   the load balancer.
#![deny(missing_docs)]

pub mod model;
pub mod run;
pub mod wire;
