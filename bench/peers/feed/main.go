// Command feed plays an API server with one resource, ConfigMaps, whose watch is told as many changes as are asked for,
// each in an HTTP chunk of its own, as kube-apiserver does. Everything is rendered beforehand, so that it costs little.
//
// It prints {"url":…,"ca":…} when it listens, and sends the changes once it reads a line on standard input.
package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Resource versions all have as many digits, so that one can be written over another.
const firstVersion = 100000000

func main() {
	secure := flag.Bool("tls", false, "serve HTTPS")
	events := flag.Int("events", 200000, "changes to send")
	objects := flag.Int("objects", 5000, "objects that change, in turns")
	size := flag.Int("size", 1400, "bytes of an event")
	flag.Parse()

	feed := &feed{events: *events, start: make(chan struct{})}
	for index := range *objects {
		feed.objects = append(feed.objects, object(index, *size))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	scheme, ca := "http", ""
	if *secure {
		var certificate tls.Certificate
		certificate, ca = selfSigned()
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{certificate},
			NextProtos:   []string{"http/1.1"},
		})
		scheme = "https"
	}
	go func() { must(http.Serve(listener, feed)) }()
	must(json.NewEncoder(os.Stdout).Encode(map[string]string{"url": scheme + "://" + listener.Addr().String(), "ca": ca}))

	input := bufio.NewReader(os.Stdin)
	if _, err := input.ReadString('\n'); err == nil {
		close(feed.start)
	}
	_, _ = io.Copy(io.Discard, input)
}

type feed struct {
	objects []string
	events  int
	start   chan struct{}
}

func (f *feed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	switch {
	case r.URL.Path != "/api/v1/configmaps":
		http.NotFound(w, r)
	case query.Get("watch") == "":
		f.list(w)
	default:
		f.watch(w, query.Get("sendInitialEvents") == "true")
	}
}

func (f *feed) list(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"apiVersion":"v1","kind":"ConfigMapList","metadata":{"resourceVersion":"%d"},"items":[`, firstVersion)
	for index, object := range f.objects {
		if index > 0 {
			_, _ = io.WriteString(w, ",")
		}
		_, _ = io.WriteString(w, object)
	}
	_, _ = io.WriteString(w, "]}")
}

func (f *feed) watch(w http.ResponseWriter, initial bool) {
	connection, _, err := w.(http.Hijacker).Hijack()
	must(err)
	defer connection.Close()
	send := func(bytes []byte) bool {
		_, err := connection.Write(bytes)
		return err == nil // the client may go at any time
	}
	send([]byte("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"))
	if initial {
		for _, object := range f.objects {
			send(chunk(`{"type":"ADDED","object":` + object + "}\n"))
		}
		send(chunk(fmt.Sprintf(`{"type":"BOOKMARK","object":{"apiVersion":"v1","kind":"ConfigMap","metadata":`+
			`{"resourceVersion":"%d","annotations":{"k8s.io/initial-events-end":"true"}}}}`+"\n", firstVersion)))
	}
	chunks, offsets := f.changes()
	<-f.start
	for event := range f.events {
		index := event % len(chunks)
		strconv.AppendInt(chunks[index][offsets[index]:offsets[index]], int64(firstVersion+1+event), 10)
		if !send(chunks[index]) {
			return
		}
	}
	time.Sleep(time.Minute)
}

// changes renders an event for each object, and where its resource version stands.
func (f *feed) changes() (chunks [][]byte, offsets []int) {
	version := []byte(strconv.Itoa(firstVersion))
	for _, object := range f.objects {
		bytesOf := chunk(`{"type":"MODIFIED","object":` + object + "}\n")
		chunks = append(chunks, bytesOf)
		offsets = append(offsets, bytes.Index(bytesOf, version))
	}
	return chunks, offsets
}

func chunk(text string) []byte {
	return fmt.Appendf(nil, "%x\r\n%s\r\n", len(text), text)
}

// object renders a ConfigMap as a server does, with managed fields, filled up to the size of an event.
func object(index, size int) string {
	render := func(filling string) string {
		return fmt.Sprintf(`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"config-%06d","namespace":"space-%02d",`+
			`"uid":"7f1a1f60-5f0a-4d5e-9d5c-%012d","resourceVersion":"%d","creationTimestamp":"2026-01-02T03:04:05Z",`+
			`"labels":{"app.kubernetes.io/name":"web","app.kubernetes.io/instance":"web-%d","app.kubernetes.io/managed-by":"Helm"},`+
			`"annotations":{"meta.helm.sh/release-name":"web-%d","meta.helm.sh/release-namespace":"space-%02d"},`+
			`"managedFields":[{"manager":"helm","operation":"Apply","apiVersion":"v1","time":"2026-01-02T03:04:05Z","fieldsType":"FieldsV1",`+
			`"fieldsV1":{"f:data":{"f:mode":{},"f:replicas":{},"f:text":{}},"f:metadata":{"f:annotations":{"f:meta.helm.sh/release-name":{}},`+
			`"f:labels":{"f:app.kubernetes.io/name":{}}}}}]},`+
			`"data":{"mode":"fast","replicas":"3","text":"%s"}}`,
			index, index%20, index, firstVersion, index%100, index%100, index%20, filling)
	}
	around := len(`{"type":"MODIFIED","object":}`) + 1
	missing := max(0, size-around-len(render("")))
	return render(strings.Repeat("setting = value; ", missing/17+1)[:missing])
}

// selfSigned makes an authority and a certificate signed by it: some clients accept no authority as a server.
func selfSigned() (certificate tls.Certificate, ca string) {
	authority := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "feed-ca"},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "feed"},
		NotBefore:    authority.NotBefore,
		NotAfter:     authority.NotAfter,
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	authorityKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	serverKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	caDER, err := x509.CreateCertificate(rand.Reader, authority, authority, &authorityKey.PublicKey, authorityKey)
	must(err)
	serverDER, err := x509.CreateCertificate(rand.Reader, server, authority, &serverKey.PublicKey, authorityKey)
	must(err)
	ca = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER}))
	return tls.Certificate{Certificate: [][]byte{serverDER}, PrivateKey: serverKey}, ca
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
