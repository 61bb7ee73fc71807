//! Elastic Load Balancing and STS as a client sees them: requests over the wire, and traffic.

mod cloud;
mod health;
mod limits;
mod priorities;
mod regexes;
mod routing;
mod rules;
mod stickiness;
mod sts;
mod tags_and_pages;
mod test_rule;
mod transforms;
