package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

// checkEntries proves that entries are in the log: a line each, "<index> <Base64 of the entry>".
func checkEntries(file string, tree tlog.Tree, hashes tlog.HashReader) error {
	return eachLine(file, func(words []string) error {
		if len(words) != 2 {
			return errors.New("an entry is its index and its bytes")
		}
		index, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return err
		}
		entry, err := base64.StdEncoding.DecodeString(words[1])
		if err != nil {
			return err
		}
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		if err != nil {
			return err
		}
		return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
	})
}

// checkProofs checks proofs that the log made, a line each, and that they are those that Go makes:
//
//	inclusion <index> <size> <Base64 of the entry> <Base64 of a hash>...
//	consistency <size> <later size> <Base64 of a hash>...
func checkProofs(file string, hashes tlog.HashReader, known roots) error {
	return eachLine(file, func(words []string) error {
		switch {
		case words[0] == "inclusion" && len(words) >= 4:
			return checkInclusion(words[1:], hashes, known)
		case words[0] == "consistency" && len(words) >= 3:
			return checkConsistency(words[1:], hashes, known)
		}
		return errors.New("neither inclusion nor consistency")
	})
}

func checkInclusion(words []string, hashes tlog.HashReader, known roots) error {
	index, size, err := numbers(words)
	if err != nil {
		return err
	}
	root, err := known.of(size)
	if err != nil {
		return err
	}
	entry, err := base64.StdEncoding.DecodeString(words[2])
	if err != nil {
		return err
	}
	proof, err := path64(words[3:])
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	own, err := tlog.ProveRecord(size, index, hashes)
	return same(proof, own, err)
}

func checkConsistency(words []string, hashes tlog.HashReader, known roots) error {
	from, to, err := numbers(words)
	if err != nil {
		return err
	}
	fromRoot, err := known.of(from)
	if err != nil {
		return err
	}
	toRoot, err := known.of(to)
	if err != nil {
		return err
	}
	proof, err := path64(words[2:])
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, to, toRoot, from, fromRoot); err != nil {
		return err
	}
	own, err := tlog.ProveTree(to, from, hashes)
	return same(proof, own, err)
}

func (r roots) of(size int64) (tlog.Hash, error) {
	root, is := r[size]
	if !is {
		return root, fmt.Errorf("no checkpoint has the size %d", size)
	}
	return root, nil
}

func numbers(words []string) (int64, int64, error) {
	first, err := strconv.ParseInt(words[0], 10, 64)
	if err != nil {
		return 0, 0, err
	}
	second, err := strconv.ParseInt(words[1], 10, 64)
	return first, second, err
}

func path64(words []string) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, word := range words {
		hash, err := tlog.ParseHash(word)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, hash)
	}
	return hashes, nil
}

func same(given, own []tlog.Hash, err error) error {
	if err == nil && !slices.Equal(given, own) {
		err = errors.New("valid, and not the one that Go makes")
	}
	return err
}

// eachLine takes a line apart at single spaces, so that an empty word stays one; a line that fails is a finding.
func eachLine(file string, check func(words []string) error) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		if err := check(strings.Split(strings.TrimSuffix(line, "\n"), " ")); err != nil {
			return failed("proof", fmt.Sprintf("line %d", number), err)
		}
	}
	return nil
}
