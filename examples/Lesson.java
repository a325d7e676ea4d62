// Three threads increment one counter 5,000 times each, without a lock: updates get lost.
// Run: javac -d . examples/Lesson.java && miscount repeat --expected 15000 -- java -cp . Lesson
// Seen on 2 busy cores: 3 of 50 runs were wrong (OpenJDK 17).
public class Lesson {
    static int counter = 0;

    public static void main(String[] arguments) throws InterruptedException {
        Thread[] threads = new Thread[3];
        for (int k = 0; k < threads.length; k++) {
            threads[k] = new Thread(() -> {
                for (int i = 0; i < 5000; i++) {
                    counter++;
                }
            });
            threads[k].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println(counter);
    }
}
