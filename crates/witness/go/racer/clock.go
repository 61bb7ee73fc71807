package main

import (
	"time"

	"golang.org/x/sys/unix"
)

// now is the machine's time since boot, the same for all its processes.
func now() time.Duration {
	var spec unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &spec); err != nil {
		panic(err)
	}
	return time.Duration(spec.Nano())
}
