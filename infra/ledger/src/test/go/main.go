// Logaudit checks a transparency log with Go's own code (golang.org/x/mod/sumdb, which is behind the module checksum
// database) and shares nothing with the program that wrote the log but the formats of C2SP: tlog-tiles, tlog-checkpoint,
// signed-note.
//
//	logaudit -log DIRECTORY|URL -origin NAME -key VKEY... [-earlier FILE...] [-entries FILE] [-proofs FILE]
//
// It reads the checkpoint, every tile and every entry, and prints one line: "OK <size> <root>" and exits 0, or
// "TAMPERED <part>: <what>" and exits 1, where part is checkpoint, files, history or proof. When it cannot tell (a wrong
// flag, a server that does not answer) it exits 2.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	"golang.org/x/mod/sumdb/tlog"
)

// evidence is what an auditor has in hand.
type evidence struct {
	log     string
	origin  string
	keys    words
	earlier words
	entries string
	proofs  string
}

// words is a flag that may be given more than once.
type words []string

func (w *words) String() string { return fmt.Sprint(*w) }

func (w *words) Set(word string) error {
	*w = append(*w, word)
	return nil
}

func main() {
	var given evidence
	flag.StringVar(&given.log, "log", "", "directory of the log, or the `prefix` of its URLs")
	flag.StringVar(&given.origin, "origin", "", "`name` of the log: the first line of its checkpoints")
	flag.Var(&given.keys, "key", "`vkey` of the log; again for another one")
	flag.Var(&given.earlier, "earlier", "`file` of a checkpoint that was seen before; again for another one")
	flag.StringVar(&given.entries, "entries", "", "`file` of entries that must be in the log")
	flag.StringVar(&given.proofs, "proofs", "", "`file` of proofs that the log has given")
	flag.Parse()
	if given.log == "" || given.origin == "" || len(given.keys) == 0 || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	tree, err := audit(given)
	var found *tampering
	if errors.As(err, &found) {
		fmt.Println("TAMPERED", found)
		os.Exit(1)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "logaudit:", err)
		os.Exit(2)
	}
	fmt.Println("OK", tree.N, tree.Hash)
}

func audit(given evidence) (tlog.Tree, error) {
	log := openSource(given.log)
	keys, err := verifiers(given.keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := log.read("checkpoint")
	if err != nil {
		return tlog.Tree{}, missing("checkpoint", err)
	}
	tree, err := openCheckpoint("checkpoint", signed, given.origin, keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	hashes := tlog.TileHashReader(tree, newTiles(log))
	if err := checkFiles(tree, hashes, log); err != nil {
		return tlog.Tree{}, err
	}
	known := roots{tree.N: tree.Hash}
	for _, file := range given.earlier {
		if err := checkEarlier(file, given.origin, keys, tree, hashes, known); err != nil {
			return tlog.Tree{}, err
		}
	}
	if err := checkEntries(given.entries, tree, hashes); err != nil {
		return tlog.Tree{}, err
	}
	return tree, checkProofs(given.proofs, hashes, known)
}
