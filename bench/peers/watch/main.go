// Command watch counts the changes that a dynamic informer of client-go is told.
//
// Arguments: a kubeconfig, the changes to expect. It prints {"ready":…} when the informer has synced, {"done":…} after the last.
package main

import (
	"encoding/json"
	"io"
	"os"
	"strconv"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

func main() {
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	expected, err := strconv.Atoi(os.Args[2])
	must(err)
	client, err := dynamic.NewForConfig(config)
	must(err)

	informer := dynamicinformer.NewDynamicSharedInformerFactory(client, 0).
		ForResource(schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}).Informer()
	stop, done := make(chan struct{}), make(chan struct{})
	seen := 0
	_, err = informer.AddEventHandler(cache.ResourceEventHandlerFuncs{UpdateFunc: func(_, _ any) {
		if seen++; seen == expected {
			close(done)
		}
	}})
	must(err)
	go informer.Run(stop)
	cache.WaitForCacheSync(stop, informer.HasSynced)
	say(map[string]any{"ready": len(informer.GetStore().ListKeys())})
	<-done
	say(map[string]any{"done": seen})
	_, _ = io.Copy(io.Discard, os.Stdin)
}

func say(message map[string]any) { must(json.NewEncoder(os.Stdout).Encode(message)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
