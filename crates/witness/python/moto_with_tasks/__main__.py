"""Starts moto's server with these gaps closed. What it does not know is passed on to moto."""

import argparse

from moto import server

from . import backend, rules, targets


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--balancer", help="whose target groups the tasks are registered in")
    given, rest = arguments.parse_known_args()
    backend.install(targets.at(given.balancer))
    rules.install()
    server.main(rest)


main()
