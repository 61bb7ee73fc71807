//! The sandbox for real: processes, sockets, HTTP.

mod demo;
mod listeners;
mod shop;
mod support;
mod tasks;
