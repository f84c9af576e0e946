// The load for benchmarks of event streams: thousands of clients that check what they get, and the publisher.
//
// It is told lines on standard input and prints one JSON object for each:
//
//	open N                connect N streams
//	paced RATE SECONDS    publish RATE events a second, one in a request
//	burst EVENTS BATCH    publish EVENTS as fast as possible, BATCH in a request
//	missed EVENTS         cut all streams, publish EVENTS, connect again with Last-Event-ID
//
// Every event carries its number and its time, so that each client counts what it lost or got twice.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Of an event's message: "bench n=0000000042 t=1700000000000000000".
var marker = []byte("bench n=")

const markLength = 8 + 10 + 3 + 19

type client struct {
	conn    net.Conn
	reader  *bufio.Reader
	body    io.Reader
	tail    []byte
	id      string
	number  int // of the newest event
	lost    int
	twice   int
	server  string
	address *net.TCPAddr
}

type load struct {
	// Where each stream goes, in turn; publications go to the first.
	servers   []string
	clients   []*client
	published int
	padding   string
	delivered atomic.Int64
	done      sync.WaitGroup
	sample    atomic.Bool
	mutex     sync.Mutex
	samples   []int64
	http      *http.Client
}

func (l *load) open(count int) error {
	l.clients = make([]*client, count)
	for i := range l.clients {
		// Several source addresses, since one has too few ports for all that wait after they were closed.
		l.clients[i] = &client{
			server:  l.servers[i%len(l.servers)],
			address: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+i%16))},
			number:  l.published,
		}
	}
	return l.connect()
}

func (l *load) connect() error {
	queue := make(chan *client)
	failures := make(chan error, 64)
	var workers sync.WaitGroup
	for range 64 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for c := range queue {
				if err := c.connect(); err != nil {
					select {
					case failures <- err:
					default:
					}
					continue
				}
				l.done.Add(1)
				go l.read(c)
			}
		}()
	}
	for _, c := range l.clients {
		queue <- c
	}
	close(queue)
	workers.Wait()
	select {
	case err := <-failures:
		return err
	default:
		return nil
	}
}

func (c *client) connect() error {
	dialer := net.Dialer{LocalAddr: c.address, Timeout: 20 * time.Second}
	conn, err := dialer.Dial("tcp", c.server)
	if err != nil {
		return err
	}
	resume := ""
	if c.id != "" {
		resume = "Last-Event-ID: " + c.id + "\r\n"
	}
	fmt.Fprintf(conn, "GET /notifications HTTP/1.1\r\nHost: %s\r\nAccept: text/event-stream\r\n%s\r\n", c.server, resume)
	c.conn = conn
	c.reader = bufio.NewReaderSize(conn, 4096)
	response, err := http.ReadResponse(c.reader, nil)
	if err != nil {
		return err
	}
	if response.StatusCode != 200 {
		return fmt.Errorf("stream refused: %s", response.Status)
	}
	c.body = response.Body
	// The first bytes say that the server has the client on its list.
	first := make([]byte, 2048)
	n, err := c.body.Read(first)
	c.tail = append(c.tail[:0], first[:n]...)
	return err
}

func (l *load) read(c *client) {
	defer l.done.Done()
	buffer := make([]byte, 64<<10)
	for {
		kept := copy(buffer, c.tail)
		n, err := c.body.Read(buffer[kept:])
		l.take(c, buffer[:kept+n])
		if err != nil {
			return
		}
	}
}

func (l *load) take(c *client, data []byte) {
	now := time.Now().UnixNano()
	sample := l.sample.Load()
	var samples []int64
	count := int64(0)
	// Only what an empty line has ended counts, as for a browser.
	end := bytes.LastIndex(data, []byte("\n\n")) + 2
	if end < 2 {
		end = 0
	}
	if at := bytes.LastIndex(data[:end], []byte("\nid: ")); at >= 0 {
		id, _, _ := bytes.Cut(data[at+5:end], []byte("\n"))
		c.id = string(id)
	}
	rest := data[:end]
	for {
		at := bytes.Index(rest, marker)
		if at < 0 || len(rest) < at+markLength {
			break
		}
		number, _ := strconv.Atoi(string(rest[at+8 : at+18]))
		switch {
		case number <= c.number:
			c.twice++
		default:
			c.lost += number - c.number - 1
			c.number = number
		}
		if sample {
			sent, _ := strconv.ParseInt(string(rest[at+21:at+40]), 10, 64)
			samples = append(samples, now-sent)
		}
		count++
		rest = rest[at+markLength:]
	}
	c.tail = append(c.tail[:0], data[end:]...)
	if len(samples) > 0 {
		l.mutex.Lock()
		l.samples = append(l.samples, samples...)
		l.mutex.Unlock()
	}
	if count > 0 {
		l.delivered.Add(count)
	}
}

func (l *load) event() string {
	l.published++
	return fmt.Sprintf(`{"kind":"Event","apiVersion":"v1","metadata":{"name":"bench","namespace":"demo-system","creationTimestamp":null},`+
		`"involvedObject":{"kind":"Service","namespace":"demo-system","name":"fake-service-1","apiVersion":"v1"},"reason":"Bench",`+
		`"message":"bench n=%010d t=%019d %s","source":{"component":"krateo"},"firstTimestamp":"2024-07-05T07:33:07Z",`+
		`"lastTimestamp":"2024-07-05T07:33:09Z","type":"Warning","eventTime":null,"reportingComponent":"","reportingInstance":""}`,
		l.published, time.Now().UnixNano(), l.padding)
}

func (l *load) publish(count int) error {
	body := l.event()
	if count > 1 {
		events := []string{body}
		for len(events) < count {
			events = append(events, l.event())
		}
		body = "[" + strings.Join(events, ",") + "]"
	}
	response, err := l.http.Post("http://"+l.servers[0]+"/handle", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	io.Copy(io.Discard, response.Body)
	response.Body.Close()
	if response.StatusCode != 200 {
		return fmt.Errorf("publication refused: %s", response.Status)
	}
	return nil
}

// Waits until all clients have so many events more than at `before`, or half a minute.
func (l *load) await(before int64, events int) {
	deadline := time.Now().Add(30 * time.Second)
	for l.delivered.Load() < before+int64(events)*int64(len(l.clients)) && time.Now().Before(deadline) {
		time.Sleep(time.Millisecond)
	}
}

func (l *load) measured(seconds float64, deliveries int64) map[string]any {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	slices.Sort(l.samples)
	at := func(share float64) float64 {
		if len(l.samples) == 0 {
			return 0
		}
		return float64(l.samples[min(len(l.samples)-1, int(share*float64(len(l.samples))))]) / 1e6
	}
	lost, twice := 0, 0
	for _, c := range l.clients {
		lost += c.lost + l.published - c.number
		twice += c.twice
	}
	return map[string]any{
		"deliveries": deliveries, "perSecond": float64(deliveries) / seconds, "seconds": seconds,
		"p50": at(0.5), "p99": at(0.99), "max": at(1), "lost": lost, "duplicated": twice,
	}
}

func (l *load) run(name string, events int, publish func() error) (map[string]any, error) {
	l.samples = l.samples[:0]
	l.sample.Store(true)
	before := l.delivered.Load()
	began := time.Now()
	if err := publish(); err != nil {
		return nil, err
	}
	l.await(before, events)
	seconds := time.Since(began).Seconds()
	l.sample.Store(false)
	return map[string]any{name: l.measured(seconds, l.delivered.Load()-before)}, nil
}

func (l *load) paced(rate, seconds int) func() error {
	return func() error {
		ticker := time.NewTicker(time.Second / time.Duration(rate))
		defer ticker.Stop()
		for range rate * seconds {
			<-ticker.C
			if err := l.publish(1); err != nil {
				return err
			}
		}
		return nil
	}
}

func (l *load) burst(events, batch int) func() error {
	return func() error {
		for left := events; left > 0; left -= batch {
			if err := l.publish(min(batch, left)); err != nil {
				return err
			}
		}
		return nil
	}
}

func (l *load) cut() {
	for _, c := range l.clients {
		c.conn.Close()
	}
	l.done.Wait()
}

func (l *load) missed(events int) (map[string]any, error) {
	l.cut()
	if err := l.burst(events, 100)(); err != nil {
		return nil, err
	}
	return l.run("missed", events, l.connect)
}

func (l *load) obey(command string, numbers []int) (map[string]any, error) {
	switch command {
	case "open":
		began := time.Now()
		if err := l.open(numbers[0]); err != nil {
			return nil, err
		}
		return map[string]any{"opened": numbers[0], "seconds": time.Since(began).Seconds()}, nil
	case "paced":
		return l.run("paced", numbers[0]*numbers[1], l.paced(numbers[0], numbers[1]))
	case "burst":
		return l.run("burst", numbers[0], l.burst(numbers[0], numbers[1]))
	case "missed":
		return l.missed(numbers[0])
	}
	return nil, fmt.Errorf("unknown command %q", command)
}

func main() {
	l := &load{
		servers: os.Args[1:],
		padding: strings.Repeat("x", 260),
		http:    &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}},
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		numbers := []int{}
		for _, word := range words[1:] {
			number, _ := strconv.Atoi(word)
			numbers = append(numbers, number)
		}
		answer, err := l.obey(words[0], numbers)
		if err != nil {
			answer = map[string]any{"failed": err.Error()}
		}
		answer["command"] = words[0]
		text, _ := json.Marshal(answer)
		fmt.Println(string(text))
	}
}
