// Three goroutines increment one counter 5,000 times each, without a lock: updates get lost.
// Run: go build -o lesson examples/lesson.go && miscount repeat --expected 15000 -- ./lesson
// Seen on 2 busy cores: 8 of 1,000 runs were wrong, the worst by a third (go 1.19).
package main

import (
	"fmt"
	"sync"
)

func main() {
	counter := 0
	var group sync.WaitGroup
	for thread := 0; thread < 3; thread++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := 0; i < 5000; i++ {
				counter++
			}
		}()
	}
	group.Wait()
	fmt.Println(counter)
}
