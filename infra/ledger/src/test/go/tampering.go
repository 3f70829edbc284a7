package main

import (
	"errors"
	"fmt"
	"io/fs"
)

// tampering is a finding: some part of the evidence is not what the rest says.
type tampering struct{ part, what string }

func (t *tampering) Error() string { return t.part + ": " + t.what }

// unread is what could not be read: it says nothing about the log.
type unread struct{ error }

func (u unread) Unwrap() error { return u.error }

func found(part, format string, arguments ...any) error {
	return &tampering{part, fmt.Sprintf(format, arguments...)}
}

// failed is the finding of a check that failed, unless it failed for want of a file.
func failed(part, what string, err error) error {
	var already *tampering
	if errors.As(err, &already) || errors.As(err, &unread{}) {
		return err
	}
	return found(part, "%s: %v", what, err)
}

// missing is a finding when there is no such file.
func missing(part string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return found(part, "%v", err)
	}
	return unread{err}
}
