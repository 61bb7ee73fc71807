// Lock lets dynamolock for Go judge a DynamoDB: each of its features, through its public API.
package main

import (
	"flag"
	"fmt"
	"os"

	"ecs-deploy/witness/report"
	"ecs-deploy/witness/stage"
)

// table is not of any config: the witness creates it.
const table = "Locks"

func main() {
	endpoint := flag.String("endpoint", "", "the URL of DynamoDB")
	account := flag.String("account", "111111111111", "the account of the table")
	ours := program{}
	flag.StringVar(&ours.path, "ecs-deploy", "", "the program that shares its locks")
	flag.StringVar(&ours.config, "config", "", "the config that its environments are of")
	flag.Parse()
	ours.endpoint = *endpoint
	scene, err := stage.Open(*endpoint, *account, table)
	if err != nil {
		fmt.Fprintln(os.Stderr, "lock:", err)
		os.Exit(1)
	}
	report.Version("cirello.io/dynamolock")
	with := func(play func(*stage.Stage) error) func() error {
		return func() error { return play(scene) }
	}
	report.Run([]report.Check{
		{Name: "a table that is created can be used at once", Look: with(createsTable)},
		{Name: "a table can't be created twice", Look: with(createsTableTwice)},
	})
	report.RunTogether(features(with))
	report.Run([]report.Check{
		{Name: "of 100 contenders one wins", Look: with(oneWins)},
		{Name: "100 contenders come one after the other", Look: with(allTakeTurns)},
		{Name: "the lock of a deploy that failed is refused, or had in 1.5 s", Look: ours.hasFailed},
	})
}

func features(with func(func(*stage.Stage) error) func() error) []report.Check {
	return []report.Check{
		{Name: "a free lock is acquired, and its row is the protocol's", Look: with(acquires)},
		{Name: "a held lock is refused at once to who fails if locked", Look: with(failsIfLocked)},
		{Name: "who waits gets the lock when it is released", Look: with(waits)},
		{Name: "who waits gives up after a lease and the additional time", Look: with(givesUp)},
		{Name: "data stay for the next owner, unless replaced", Look: with(keepsData)},
		{Name: "heartbeats write and delete data", Look: with(beatsData)},
		{Name: "a release can write data", Look: with(releasesData)},
		{Name: "additional attributes of every type stay for the next owner", Look: with(keepsAttributes)},
		{Name: "a silent holder's lock is stolen after its lease", Look: with(steals)},
		{Name: "heartbeats keep a lock beyond its lease", Look: with(keeps)},
		{Name: "a holder without its lock learns of it", Look: with(learns)},
		{Name: "a released lock keeps its row", Look: with(releases)},
		{Name: "a lock is deleted on release where that is asked for", Look: with(deletes)},
		{Name: "a closed client holds no lock", Look: with(closes)},
		{Name: "a lock can be looked at without acquiring it", Look: with(peeks)},
		{Name: "the session monitor calls before the lease ends", Look: with(monitorCalls)},
		{Name: "the session monitor is silent while heartbeats go well, and after release", Look: with(monitorIsSilent)},
		{Name: "another name of the key is honoured", Look: with(namesKey)},
	}
}
