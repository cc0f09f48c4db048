package chase.daemon.grid;

import chase.carbon.BugLog;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Asks one question again and again, each time on a thread of its own and never twice at once; what
 * comes of it is taken in on the context. To be used on that context only.
 *
 * @param <T> what is answered
 */
final class Poll<T> {
  private static final Logger LOG = System.getLogger(Poll.class.getName());

  /** No answer of anybody makes a feed sleep for longer. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  private static final Duration AFTER_BUG = Duration.ofMinutes(1);

  private final BugLog bugs = new BugLog(LOG);
  private final Vertx vertx;
  private final Context context;
  private final Subject<T> subject;
  private Optional<Thread> asking = Optional.empty();
  private long deadline = -1;
  private long next = -1;
  private boolean stopped;

  /**
   * What is asked, and what becomes of it.
   *
   * @param <T> what is answered
   */
  interface Subject<T> {
    /** One word for threads and messages. */
    String name();

    /** A question that takes longer is told to stop. */
    Duration longest();

    /** Asks; may block. */
    T ask() throws Exception;

    /** Takes in an answer and says how long to wait before the next question. */
    Duration answered(T answer);

    /** Takes in why there is none and says how long to wait. */
    Duration failed(Exception why);
  }

  Poll(Vertx vertx, Context context, Subject<T> subject) {
    this.vertx = vertx;
    this.context = context;
    this.subject = subject;
  }

  /** Asks now. */
  void start() {
    Thread thread = Thread.ofVirtual().name(subject.name()).unstarted(this::question);
    asking = Optional.of(thread);
    deadline = vertx.setTimer(subject.longest().toMillis(), tick -> thread.interrupt());
    thread.start();
  }

  /** Asks no more; an answer that is under way is not taken in. */
  void stop() {
    stopped = true;
    vertx.cancelTimer(next);
    vertx.cancelTimer(deadline);
    asking.ifPresent(Thread::interrupt);
  }

  private void question() {
    try {
      T answer = subject.ask();
      context.runOnContext(done -> then(() -> subject.answered(answer)));
    } catch (InterruptedException e) {
      failed(new SilentException("no answer within " + subject.longest().toSeconds() + " s"));
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      bugs.log(subject.name(), e);
      failed(new IllegalStateException("a bug in Chase: " + e, e));
    } catch (Exception e) {
      failed(e);
    }
  }

  private void failed(Exception why) {
    context.runOnContext(done -> then(() -> subject.failed(why)));
  }

  private void then(Supplier<Duration> takenIn) {
    if (stopped) {
      return;
    }
    vertx.cancelTimer(deadline);
    asking = Optional.empty();
    next = vertx.setTimer(pause(takenIn), tick -> start());
  }

  /** What cannot be taken in costs one answer: the timer is set all the same. */
  private long pause(Supplier<Duration> takenIn) {
    try {
      Duration wanted = takenIn.get();
      return wanted.compareTo(LONGEST_PAUSE) < 0
          ? Math.max(1, wanted.toMillis())
          : LONGEST_PAUSE.toMillis();
    } catch (RuntimeException e) {
      bugs.log(subject.name(), e);
      return AFTER_BUG.toMillis();
    }
  }

  /** Nobody answered in time. */
  static final class SilentException extends Exception {
    SilentException(String message) {
      super(message);
    }
  }
}
