// Racer takes part in a race for locks with dynamolock for Go.
//
// Each line of its input is a round: a lock to acquire, to hold for a while and to release. Each line
// of its output tells what it may believe, and since when. It is killed and stopped at any moment.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/dynamodb"
)

func main() {
	var terms Terms
	table := flag.String("table", "DeployLock", "the table of the locks")
	create := flag.Bool("create", false, "create the table and end")
	flag.DurationVar(&terms.Lease, "lease", time.Second, "how long a silent holder holds")
	flag.DurationVar(&terms.Heartbeat, "heartbeat", 200*time.Millisecond, "the time between heartbeats")
	flag.DurationVar(&terms.Refresh, "refresh", 50*time.Millisecond, "the time between two looks")
	flag.DurationVar(&terms.Patience, "patience", 5*time.Second, "the time to wait beyond a lease")
	flag.Parse()
	if err := run(*table, *create, terms); err != nil {
		fmt.Fprintln(os.Stderr, "racer:", err)
		os.Exit(1)
	}
}

// run takes region and credentials from AWS's environment variables, as the SDK does. Its first
// version does not know the variable of the endpoint.
func run(table string, create bool, terms Terms) error {
	settings, err := session.NewSession(aws.NewConfig().WithEndpoint(os.Getenv("AWS_ENDPOINT_URL")))
	if err != nil {
		return err
	}
	watched := &Watched{DynamoDBAPI: dynamodb.New(settings), diary: os.Stdout}
	racer, err := NewRacer(watched, table, terms)
	if err != nil {
		return err
	}
	if create {
		_, err := racer.client.CreateTable(table)
		return err
	}
	return race(racer, watched)
}

func race(racer *Racer, watched *Watched) error {
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		var round Round
		if err := json.Unmarshal(input.Bytes(), &round); err != nil {
			return err
		}
		if err := racer.Run(round); err != nil {
			watched.write(Event{Event: "Fault", Reason: err.Error()})
		}
		watched.write(Event{Event: "Over"})
	}
	return input.Err()
}
