package chase.daemon.grid;

import chase.carbon.BugLog;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Polls one source again and again, each time on a thread of its own and never twice at once; the
 * result is handled on the context. To be used on that context only.
 *
 * @param <T> what is answered
 */
final class PollLoop<T> {
  private static final Logger LOG = System.getLogger(PollLoop.class.getName());

  /** No answer makes a feed pause for longer. */
  private static final Duration MAX_PAUSE = Duration.ofDays(1);

  private static final Duration AFTER_BUG = Duration.ofMinutes(1);

  private final BugLog bugs = new BugLog(LOG);
  private final Vertx vertx;
  private final Context context;
  private final PolledSource<T> source;
  private Optional<Thread> poller = Optional.empty();
  private long deadline = -1;
  private long next = -1;
  private boolean stopped;

  /**
   * What is polled, and what happens with the result.
   *
   * @param <T> what is answered
   */
  interface PolledSource<T> {
    /** One word for threads and messages. */
    String name();

    /** A poll that takes longer is interrupted. */
    Duration timeout();

    /** Polls; may block. */
    T poll() throws Exception;

    /** Handles an answer and returns how long to wait before the next poll. */
    Duration onAnswer(T answer);

    /** Handles why there is none and returns how long to wait. */
    Duration onFailure(Exception why);
  }

  PollLoop(Vertx vertx, Context context, PolledSource<T> source) {
    this.vertx = vertx;
    this.context = context;
    this.source = source;
  }

  /** Polls now. */
  void start() {
    Thread thread = Thread.ofVirtual().name(source.name()).unstarted(this::poll);
    poller = Optional.of(thread);
    deadline = vertx.setTimer(source.timeout().toMillis(), tick -> thread.interrupt());
    thread.start();
  }

  /**
   * Polls no more; a pending answer is dropped.
   *
   * @return the poll that is under way and interrupted, where there is one
   */
  Optional<Thread> stop() {
    stopped = true;
    vertx.cancelTimer(next);
    vertx.cancelTimer(deadline);
    poller.ifPresent(Thread::interrupt);
    return poller;
  }

  private void poll() {
    try {
      T answer = source.poll();
      context.runOnContext(done -> then(() -> source.onAnswer(answer)));
    } catch (InterruptedException e) {
      fail(new NoAnswerException("no answer within " + source.timeout().toSeconds() + " s"));
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      bugs.log(source.name(), e);
      fail(new IllegalStateException("a bug in Chase: " + e, e));
    } catch (Exception e) {
      fail(e);
    }
  }

  private void fail(Exception why) {
    context.runOnContext(done -> then(() -> source.onFailure(why)));
  }

  private void then(Supplier<Duration> handler) {
    if (stopped) {
      return;
    }
    vertx.cancelTimer(deadline);
    poller = Optional.empty();
    next = vertx.setTimer(pause(handler), tick -> start());
  }

  /** A handler that fails costs one answer: the timer is set all the same. */
  private long pause(Supplier<Duration> handler) {
    try {
      Duration wanted = handler.get();
      return wanted.compareTo(MAX_PAUSE) < 0
          ? Math.max(1, wanted.toMillis())
          : MAX_PAUSE.toMillis();
    } catch (RuntimeException e) {
      bugs.log(source.name(), e);
      return AFTER_BUG.toMillis();
    }
  }

  /** No answer came in time. */
  static final class NoAnswerException extends Exception {
    NoAnswerException(String message) {
      super(message);
    }
  }
}
