//! The ports of ecs-deploy over the AWS SDK.
#![deny(missing_docs)]
