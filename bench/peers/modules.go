//go:build modules

// Package peers is built by nobody: it names the modules that the programs in the folders below may use, so that
// `go mod tidy` keeps them while a program is not written yet.
package peers

import (
	_ "helm.sh/helm/v4/pkg/action"
	_ "helm.sh/helm/v4/pkg/chart/loader"
	_ "helm.sh/helm/v4/pkg/chart/v2/loader"
	_ "helm.sh/helm/v4/pkg/cli/values"
	_ "helm.sh/helm/v4/pkg/engine"
	_ "k8s.io/client-go/dynamic/dynamicinformer"
	_ "k8s.io/client-go/kubernetes"
	_ "k8s.io/client-go/util/workqueue"
	_ "sigs.k8s.io/controller-runtime"
	_ "sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
)
