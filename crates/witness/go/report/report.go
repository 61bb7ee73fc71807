// Package report writes what a witness finds, one line of JSON at a time.
package report

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"sync"
)

// Check is one look at the other side, and what is wrong with what was seen.
type Check struct {
	Name string
	Look func() error
}

type version struct {
	Version string
}

type finding struct {
	Check  string
	Faults []string
}

// Version tells which software judges: a module of this build.
func Version(module string) {
	line(version{Version: versionOf(module)})
}

func versionOf(module string) string {
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return "unknown"
	}
	for _, dependency := range info.Deps {
		if dependency.Path == module {
			return dependency.Version
		}
	}
	return "unknown"
}

// Run takes one look after the other, whatever they find.
func Run(checks []Check) {
	for _, check := range checks {
		line(finding{Check: check.Name, Faults: faults(check.Look)})
	}
}

// RunTogether takes all looks at once: most of their time they wait.
func RunTogether(checks []Check) {
	found := make([][]string, len(checks))
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() { found[i] = faults(check.Look) })
	}
	all.Wait()
	for i, check := range checks {
		line(finding{Check: check.Name, Faults: found[i]})
	}
}

// faults is never nil: a good look has an empty list.
func faults(look func() error) (found []string) {
	found = []string{}
	defer func() {
		if reason := recover(); reason != nil {
			found = append(found, fmt.Sprintf("panic: %v", reason))
		}
	}()
	if err := look(); err != nil {
		found = append(found, err.Error())
	}
	return found
}

func line(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if _, err := os.Stdout.Write(append(text, '\n')); err != nil {
		os.Exit(1)
	}
}
