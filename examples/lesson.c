// Three threads increment one counter 5,000 times each, without a lock: updates get lost.
// Run: cc -O2 -pthread -o lesson examples/lesson.c && miscount repeat --expected 15000 -- ./lesson
// Seen on 2 busy cores: 4 of 500 runs were wrong, and 32 of 500 with --stress (gcc 12).
// Without volatile the compiler would turn each loop into a single addition.
#include <pthread.h>
#include <stdio.h>

static volatile int counter = 0;

static void *count(void *unused) {
    for (int i = 0; i < 5000; i++) {
        counter++;
    }
    return unused;
}

int main(void) {
    pthread_t threads[3];
    for (int k = 0; k < 3; k++) {
        pthread_create(&threads[k], NULL, count, NULL);
    }
    for (int k = 0; k < 3; k++) {
        pthread_join(threads[k], NULL);
    }
    printf("%d\n", counter);
}
