// Command sync fills a dynamic informer of client-go with the ConfigMaps of a namespace.
//
// Arguments: a kubeconfig, the namespace. It prints {"ready":…,"ms":…}: objects, and milliseconds from the start of the informer.
package main

import (
	"encoding/json"
	"io"
	"os"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	client, err := dynamic.NewForConfig(config)
	must(err)
	informer := dynamicinformer.NewFilteredDynamicSharedInformerFactory(client, 0, os.Args[2], nil).
		ForResource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Informer()
	registration, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: func(any) {}})
	must(err)
	stop := make(chan struct{})
	started := time.Now()
	go informer.Run(stop)
	for !registration.HasSynced() {
		time.Sleep(time.Millisecond)
	}
	say(map[string]any{"ready": len(informer.GetStore().ListKeys()), "ms": time.Since(started).Seconds() * 1000})
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func say(message map[string]any) { must(json.NewEncoder(os.Stdout).Encode(message)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
