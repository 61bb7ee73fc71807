"""The scenarios, a module for each part of AWS."""
