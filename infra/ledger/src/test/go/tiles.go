package main

import (
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	// height of the tiles of C2SP tlog-tiles, whose paths therefore leave it out.
	height = 8
	// entriesLevel is Go's level of tiles that have records instead of hashes.
	entriesLevel = -1
)

// path of a tile in C2SP tlog-tiles. Go has tile/8/0/000 and tile/8/data/000, C2SP tile/0/000 and tile/entries/000.
func path(tile tlog.Tile) string {
	rest := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
	if records, is := strings.CutPrefix(rest, "data/"); is {
		rest = "entries/" + records
	}
	return "tile/" + rest
}

// tiles reads what tlog.TileHashReader asks for, and then authenticates against the root, every time.
type tiles struct {
	log  source
	kept map[tlog.Tile][]byte // each proof asks for some of them again
}

// maxKept tiles have at most 32 MiB; arbitrary.
const maxKept = 4096

func newTiles(log source) *tiles { return &tiles{log, map[tlog.Tile][]byte{}} }

func (t *tiles) Height() int { return height }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(asked []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range asked {
		bytes, have := t.kept[tile]
		if !have {
			var err error
			if bytes, err = t.log.read(path(tile)); err != nil {
				return nil, missing("files", err)
			}
			if len(bytes) != tile.W*tlog.HashSize {
				return nil, found("files", "%s has %d bytes, not %d", path(tile), len(bytes), tile.W*tlog.HashSize)
			}
			if len(t.kept) == maxKept {
				clear(t.kept)
			}
			t.kept[tile] = bytes
		}
		all = append(all, bytes)
	}
	return all, nil
}

// checkFiles reads every tile that a log of this size must have, and every entry.
func checkFiles(tree tlog.Tree, hashes tlog.HashReader, log source) error {
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return failed("files", "the last tiles", err)
	}
	if root != tree.Hash {
		return found("files", "the root is %v, and the checkpoint says %v", root, tree.Hash)
	}
	for _, tile := range tlog.NewTiles(height, 0, tree.N) {
		leaves, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return failed("files", path(tile), err)
		}
		if tile.L == 0 {
			if err := checkBundle(tile, leaves, log); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkBundle compares the entries with their hashes, which the root vouches for.
func checkBundle(leaves tlog.Tile, hashes []byte, log source) error {
	bundle := leaves
	bundle.L = entriesLevel
	bytes, err := log.read(path(bundle))
	if err != nil {
		return missing("files", err)
	}
	entries, err := split(bytes)
	if err != nil {
		return failed("files", path(bundle), err)
	}
	if len(entries) != bundle.W {
		return found("files", "%s has %d entries, not %d", path(bundle), len(entries), bundle.W)
	}
	for i, entry := range entries {
		hash := tlog.RecordHash(entry)
		if string(hash[:]) != string(hashes[i*tlog.HashSize:(i+1)*tlog.HashSize]) {
			return found("files", "entry %d of %s has another hash", i, path(bundle))
		}
	}
	return nil
}

// split takes the entries of a bundle apart: a uint16, big-endian, is the length of each.
func split(bundle []byte) ([][]byte, error) {
	var entries [][]byte
	for len(bundle) > 0 {
		if len(bundle) < 2 {
			return nil, fmt.Errorf("it ends within a length, after %d entries", len(entries))
		}
		length := int(binary.BigEndian.Uint16(bundle))
		bundle = bundle[2:]
		if len(bundle) < length {
			return nil, fmt.Errorf("it ends within entry %d", len(entries))
		}
		entries = append(entries, bundle[:length])
		bundle = bundle[length:]
	}
	return entries, nil
}
