// Command start is a controller of ConfigMaps on controller-runtime.
//
// Arguments: a kubeconfig, the namespace. It prints {"reconciled":…} when the first key is reconciled.
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"sync"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
)

func main() {
	ctrl.SetLogger(logr.Discard())
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Cache:   cache.Options{DefaultNamespaces: map[string]cache.Config{os.Args[2]: {}}},
		Metrics: server.Options{BindAddress: "0"},
	})
	must(err)
	var once sync.Once
	must(ctrl.NewControllerManagedBy(manager).For(&corev1.ConfigMap{}).Complete(reconcile.Func(
		func(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
			var object corev1.ConfigMap
			if err := manager.GetClient().Get(ctx, request.NamespacedName, &object); err != nil {
				return reconcile.Result{}, err
			}
			once.Do(func() { say(map[string]any{"reconciled": request.String()}) })
			return reconcile.Result{}, nil
		})))
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	must(manager.Start(ctx))
}

func say(message map[string]any) { must(json.NewEncoder(os.Stdout).Encode(message)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
