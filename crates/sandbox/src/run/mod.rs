//! The cloud for real, on loopback.
