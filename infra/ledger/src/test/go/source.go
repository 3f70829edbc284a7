package main

import (
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// maxFile is more than a bundle of 256 entries of 65,535 bytes each has.
const maxFile = 17 << 20

// source has the files of a log by their paths in C2SP tlog-tiles.
type source interface {
	// read fails with fs.ErrNotExist when there is no such file.
	read(path string) ([]byte, error)
}

func openSource(log string) source {
	if strings.HasPrefix(log, "http://") || strings.HasPrefix(log, "https://") {
		return &server{strings.TrimSuffix(log, "/"), &http.Client{Timeout: 30 * time.Second}}
	}
	return directory(log)
}

type directory string

func (d directory) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(string(d), filepath.FromSlash(path)))
}

type server struct {
	prefix string
	client *http.Client
}

func (s *server) read(path string) ([]byte, error) {
	answer, err := s.client.Get(s.prefix + "/" + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	switch answer.StatusCode {
	case http.StatusOK:
		return io.ReadAll(io.LimitReader(answer.Body, maxFile))
	case http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	default:
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
}
