//! The dynamolock protocol: leases on rows of a DynamoDB table.
#![deny(missing_docs)]
