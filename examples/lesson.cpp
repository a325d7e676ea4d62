// Three threads increment one counter 5,000 times each, without a lock: updates get lost.
// Run: c++ -O2 -pthread -o lesson examples/lesson.cpp && miscount repeat --expected 15000 -- ./lesson
// Seen on 2 busy cores: 14 of 500 runs were wrong, and 19 of 500 with --stress (g++ 12).
// An atomic load and an atomic store are no atomic increment, but the language allows them.
#include <atomic>
#include <iostream>
#include <thread>

std::atomic<int> counter = 0;

void count() {
    for (int i = 0; i < 5000; i++) {
        int seen = counter.load(std::memory_order_relaxed);
        counter.store(seen + 1, std::memory_order_relaxed);
    }
}

int main() {
    std::thread threads[3];
    for (auto &thread : threads) thread = std::thread(count);
    for (auto &thread : threads) thread.join();
    std::cout << counter << '\n';
}
