// Command fill creates objects, many at a time, once it reads a line on standard input.
//
// It prints {"connected":…} when it could start, and {"created":…} when the last is created.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	kubeconfig := flag.String("kubeconfig", "", "of the server")
	path := flag.String("path", "", "of the collection to create in")
	object := flag.String("object", "", "the object, in JSON; NAME in it is replaced by a name")
	count := flag.Int("count", 1000, "objects to create")
	concurrency := flag.Int("concurrency", 32, "requests under way at once")
	flag.Parse()

	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	must(err)
	client, err := rest.HTTPClientFor(config)
	must(err)
	say(map[string]any{"connected": true})
	input := bufio.NewReader(os.Stdin)
	_, err = input.ReadString('\n')
	must(err)

	indexes := make(chan int)
	var workers sync.WaitGroup
	for range *concurrency {
		workers.Go(func() {
			for index := range indexes {
				body := strings.ReplaceAll(*object, "NAME", fmt.Sprintf("object-%06d", index))
				create(client, config.Host+*path, body)
			}
		})
	}
	for index := range *count {
		indexes <- index
	}
	close(indexes)
	workers.Wait()
	say(map[string]any{"created": *count})
	_, _ = io.Copy(io.Discard, input)
}

func create(client *http.Client, url, body string) {
	answer, err := client.Post(url, "application/json", bytes.NewBufferString(body))
	must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(err)
	if answer.StatusCode != http.StatusCreated {
		panic(fmt.Sprintf("cannot create at %s: %s: %s", url, answer.Status, text))
	}
}

func say(message map[string]any) { must(json.NewEncoder(os.Stdout).Encode(message)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
