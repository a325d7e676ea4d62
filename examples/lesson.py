# Three threads increment one counter 5,000 times each, without a lock: updates get lost.
# Run: miscount repeat --expected 15000 -- python3 examples/lesson.py
# Seen on 2 busy cores: 19 of 40 runs were wrong, and 0 of 200 without setswitchinterval (CPython 3.11):
# a thread usually keeps the interpreter for 5 ms, and is done before.
import sys
import threading

sys.setswitchinterval(1e-6)
counter = 0


def plus_one(number):
    return number + 1


def count():
    global counter
    for _ in range(5000):
        counter = plus_one(counter)


threads = [threading.Thread(target=count) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(counter)
