package main

import (
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// goOrigin is the only origin that tlog.ParseTree knows; the lines after it are those of C2SP tlog-checkpoint.
const goOrigin = "go.sum database tree"

func verifiers(keys []string) (note.Verifiers, error) {
	var all []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("the key %q: %w", key, err)
		}
		all = append(all, verifier)
	}
	return note.VerifierList(all...), nil
}

// openCheckpoint finds, in this part of the evidence, whatever keeps a note from being a checkpoint of the log.
func openCheckpoint(part string, signed []byte, origin string, keys note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open(signed, keys)
	if err != nil {
		return tlog.Tree{}, failed(part, "the note", err)
	}
	first, rest, _ := strings.Cut(opened.Text, "\n")
	if first != origin {
		return tlog.Tree{}, found(part, "it is of %q, not of %q", first, origin)
	}
	tree, err := tlog.ParseTree([]byte(goOrigin + "\n" + rest))
	if err != nil {
		return tlog.Tree{}, failed(part, "the text", err)
	}
	return tree, nil
}

// roots has the root of each size that a checkpoint vouches for.
type roots map[int64]tlog.Hash

// checkEarlier finds out whether the log is the continuation of one that was seen before, by a proof of Go's own making.
func checkEarlier(
	file, origin string, keys note.Verifiers, tree tlog.Tree, hashes tlog.HashReader, known roots,
) error {
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	earlier, err := openCheckpoint("history", signed, origin, keys)
	if err != nil {
		return err
	}
	if earlier.N > tree.N {
		return found("history", "there were %d entries, now there are %d", earlier.N, tree.N)
	}
	if err := continues(earlier, tree, hashes); err != nil {
		return failed("history", fmt.Sprintf("the tree of %d does not begin with the tree of %d", tree.N, earlier.N), err)
	}
	known[earlier.N] = earlier.Hash
	return nil
}

func continues(earlier, tree tlog.Tree, hashes tlog.HashReader) error {
	if earlier.N == 0 { // Go has no proof of this
		empty, err := tlog.TreeHash(0, hashes)
		if err == nil && earlier.Hash != empty {
			err = fmt.Errorf("%v is not the root of an empty tree", earlier.Hash)
		}
		return err
	}
	proof, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash)
}
