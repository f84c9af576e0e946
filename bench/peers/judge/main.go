// Command judge renders charts with Helm's Go SDK, one a line, for `deno task oracle`.
//
// The first line of standard input holds the files of the chart that all cases share, each further line a case: files that
// come on top, and what the options of the command line are given. It answers each with a line, in order: base64 of what
// the template "templates/t.yaml" makes, or the error.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/loader/archive"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/cli/values"
	"helm.sh/helm/v4/pkg/engine"
)

const template = "templates/t.yaml"

type question struct {
	Files      map[string]string `json:"files"`
	Set        []string          `json:"set"`
	SetString  []string          `json:"set-string"`
	SetJSON    []string          `json:"set-json"`
	SetFile    []string          `json:"set-file"`
	SetLiteral []string          `json:"set-literal"`
}

type answer struct {
	Output []byte `json:"output"`
	Error  string `json:"error,omitempty"`
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run keeps as many cases in work as there are processors, and answers in order.
func run(input io.Reader, output io.Writer) error {
	lines := json.NewDecoder(bufio.NewReaderSize(input, 1<<20))
	var shared question
	if err := lines.Decode(&shared); err != nil {
		return err
	}
	pending := make(chan chan answer, runtime.NumCPU())
	failed := make(chan error, 1)
	go func() {
		defer close(pending)
		for {
			var asked question
			if err := lines.Decode(&asked); err == io.EOF {
				return
			} else if err != nil {
				failed <- err
				return
			}
			answered := make(chan answer, 1)
			pending <- answered
			go func() { answered <- judge(shared.Files, asked) }()
		}
	}()
	out := json.NewEncoder(output)
	for answered := range pending {
		if err := out.Encode(<-answered); err != nil {
			return err
		}
	}
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func judge(shared map[string]string, asked question) (result answer) {
	defer func() {
		if cause := recover(); cause != nil {
			result = answer{Error: fmt.Sprintf("panic: %v", cause)}
		}
	}()
	output, err := render(shared, asked)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{Output: []byte(output)}
}

// render does what the command `helm template` does up to the template's text.
func render(shared map[string]string, asked question) (string, error) {
	options := values.Options{
		Values:        asked.Set,
		StringValues:  asked.SetString,
		JSONValues:    asked.SetJSON,
		FileValues:    asked.SetFile,
		LiteralValues: asked.SetLiteral,
	}
	user, err := options.MergeValues(nil)
	if err != nil {
		return "", err
	}
	var files []*archive.BufferedFile
	for _, some := range []map[string]string{shared, asked.Files} {
		for name, text := range some {
			files = append(files, &archive.BufferedFile{Name: name, Data: []byte(text)})
		}
	}
	chart, err := loader.LoadFiles(files)
	if err != nil {
		return "", err
	}
	if err := chartutil.ProcessDependencies(chart, user); err != nil {
		return "", err
	}
	release := common.ReleaseOptions{Name: "rel", Namespace: "default", Revision: 1, IsInstall: true}
	all, err := commonutil.ToRenderValues(chart, user, release, common.DefaultCapabilities.Copy())
	if err != nil {
		return "", err
	}
	made, err := engine.Render(chart, all)
	if err != nil {
		return "", err
	}
	return made[chart.Name()+"/"+template], nil
}
