// Command template measures Helm's Go SDK on one packed chart: reading the archive, combining the values, the engine, and
// sorting the manifests.
//
//	template CHART.tgz ROUNDS
//
// It prints one JSON object a round, times in ms, "cpu" that of all threads; "first" is the very first one. It ends when
// standard input closes.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"
)

type times struct {
	Load      float64 `json:"load"`
	Values    float64 `json:"values"`
	Engine    float64 `json:"engine"`
	Manifests float64 `json:"manifests"`
	CPU       float64 `json:"cpu"`
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(path, count string) error {
	archive, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	rounds, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	first, err := render(archive)
	if err != nil {
		return err
	}
	total := first.Load + first.Values + first.Engine + first.Manifests
	if err := out.Encode(map[string]float64{"first": total}); err != nil {
		return err
	}
	for round := -rounds / 2; round < rounds; round++ {
		before := cpuTime()
		measured, err := render(archive)
		if err != nil {
			return err
		}
		measured.CPU = cpuTime() - before
		if round < 0 {
			continue
		}
		if err := out.Encode(measured); err != nil {
			return err
		}
	}
	if err := out.Encode(map[string]int{"done": 1}); err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin) // until the benchmark has looked at our memory
	return err
}

// cpuTime is what the process has used so far, in ms.
func cpuTime() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err) // never: the arguments are constants
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

// render does what a client of the SDK does; charts and values cannot be used twice, since rendering changes them.
func render(archive []byte) (times, error) {
	var result times
	start := time.Now()
	lap := func() float64 {
		now := time.Now()
		ms := float64(now.Sub(start).Nanoseconds()) / 1e6
		start = now
		return ms
	}
	chart, err := loader.LoadArchive(bytes.NewReader(archive))
	if err != nil {
		return result, err
	}
	result.Load = lap()
	user := map[string]any{}
	if err := chartutil.ProcessDependencies(chart, user); err != nil {
		return result, err
	}
	release := common.ReleaseOptions{Name: "rel", Namespace: "ns", Revision: 1, IsInstall: true}
	values, err := commonutil.ToRenderValues(chart, user, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return result, err
	}
	result.Values = lap()
	files, err := engine.Render(chart, values)
	if err != nil {
		return result, err
	}
	result.Engine = lap()
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	if _, _, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder); err != nil {
		return result, err
	}
	result.Manifests = lap()
	return result, nil
}
