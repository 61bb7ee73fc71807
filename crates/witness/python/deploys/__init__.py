"""Lets `ecs-deploy` deploy on an AWS that others wrote, or behind a proxy of theirs, and judges."""
