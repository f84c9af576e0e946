// Command reconcile is a controller on controller-runtime that applies a ConfigMap for each Thing and says so in its status.
//
// Arguments: a kubeconfig, the namespace, the objects to expect. It prints {"ready":…} when it has synced, and {"done":…} when
// as many statuses are written.
package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"sync/atomic"

	"github.com/go-logr/logr"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
)

const owner = client.FieldOwner("bench")

func main() {
	ctrl.SetLogger(logr.Discard())
	config, err := clientcmd.BuildConfigFromFlags("", os.Args[1])
	must(err)
	config.QPS = -1 // no limit of the client's own
	expected, err := strconv.ParseInt(os.Args[3], 10, 64)
	must(err)
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Cache:   cache.Options{DefaultNamespaces: map[string]cache.Config{os.Args[2]: {}}},
		Client:  client.Options{Cache: &client.CacheOptions{Unstructured: true}},
		Metrics: server.Options{BindAddress: "0"},
	})
	must(err)
	must(ctrl.NewControllerManagedBy(manager).
		For(thing()).
		WithOptions(controller.Options{MaxConcurrentReconciles: 10}).
		Complete(&reconciler{client: manager.GetClient(), expected: expected}))
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	go func() {
		if manager.GetCache().WaitForCacheSync(ctx) {
			say(map[string]any{"ready": true})
		}
	}()
	must(manager.Start(ctx))
}

type reconciler struct {
	client   client.Client
	expected int64
	written  atomic.Int64
}

func (r *reconciler) Reconcile(ctx context.Context, request ctrl.Request) (ctrl.Result, error) {
	object := thing()
	if err := r.client.Get(ctx, request.NamespacedName, object); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	observed, _, _ := unstructured.NestedInt64(object.Object, "status", "observedGeneration")
	if observed == object.GetGeneration() {
		return ctrl.Result{}, nil
	}
	child := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1",
		"kind":       "ConfigMap",
		"metadata": map[string]any{
			"name":      object.GetName(),
			"namespace": object.GetNamespace(),
			"ownerReferences": []any{map[string]any{
				"apiVersion": object.GetAPIVersion(), "kind": object.GetKind(), "name": object.GetName(),
				"uid": string(object.GetUID()), "controller": true,
			}},
		},
		"data": map[string]any{"size": "3"},
	}}
	if err := r.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(child), owner, client.ForceOwnership); err != nil {
		return ctrl.Result{}, err
	}
	status := map[string]any{"status": map[string]any{"observedGeneration": object.GetGeneration(), "ready": true}}
	patch, err := json.Marshal(status)
	if err != nil {
		return ctrl.Result{}, err
	}
	if err := r.client.Status().Patch(ctx, object, client.RawPatch("application/merge-patch+json", patch)); err != nil {
		return ctrl.Result{}, err
	}
	if r.written.Add(1) == r.expected {
		say(map[string]any{"done": r.expected})
	}
	return ctrl.Result{}, nil
}

func thing() *unstructured.Unstructured {
	object := &unstructured.Unstructured{}
	object.SetGroupVersionKind(schema.GroupVersionKind{Group: "bench.krateo.io", Version: "v1", Kind: "Thing"})
	return object
}

func say(message map[string]any) { must(json.NewEncoder(os.Stdout).Encode(message)) }

func must(err error) {
	if err != nil {
		panic(err)
	}
}
