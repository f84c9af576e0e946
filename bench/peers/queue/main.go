// Command queue measures the work queues of client-go and of controller-runtime: 1,000 keys added, got and done.
//
// Arguments: keys preloaded, measured repetitions. It prints one line a queue, with the nanoseconds of each repetition.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
)

const keys = 1000

func main() {
	preload, _ := strconv.Atoi(os.Args[1])
	repetitions, _ := strconv.Atoi(os.Args[2])
	limiter := workqueue.DefaultTypedControllerRateLimiter[string]
	measure("client-go", workqueue.NewTypedRateLimitingQueue(limiter()), preload, repetitions)
	measure("controller-runtime", priorityqueue.New[string]("measured"), preload, repetitions)
}

func measure(name string, queue workqueue.TypedRateLimitingInterface[string], preload, repetitions int) {
	defer queue.ShutDown()
	for _, key := range names("preloaded", preload) {
		queue.Add(key)
	}
	// A priority queue takes items in by the batch, in the background.
	for queue.Len() < preload {
		time.Sleep(time.Millisecond)
	}
	durations := make([]int64, 0, repetitions)
	for round := -repetitions / 10; round < repetitions; round++ {
		batch := names(fmt.Sprintf("round-%d", round), keys)
		started := time.Now()
		for _, key := range batch {
			queue.Add(key)
		}
		for range batch {
			key, _ := queue.Get()
			queue.Done(key)
		}
		if round >= 0 {
			durations = append(durations, time.Since(started).Nanoseconds())
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"queue": name, "durations": durations})
}

func names(prefix string, count int) []string {
	all := make([]string, count)
	for index := range all {
		all[index] = fmt.Sprintf("namespace/%s-%d", prefix, index)
	}
	return all
}
