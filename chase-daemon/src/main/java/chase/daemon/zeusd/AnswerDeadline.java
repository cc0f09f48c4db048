package chase.daemon.zeusd;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Answers in time: Zeus's library waits for 5 s, and then lets the training die. */
final class AnswerDeadline {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private AnswerDeadline() {}

  /** What {@code answer} brings, or {@code late} where it takes too long. */
  static <T> Future<T> within(Vertx vertx, Future<T> answer, T late) {
    Promise<T> soon = Promise.promise();
    long timer = vertx.setTimer(TIMEOUT.toMillis(), over -> soon.tryComplete(late));
    answer.onComplete(done -> {
      vertx.cancelTimer(timer);
      if (done.succeeded()) {
        soon.tryComplete(done.result());
      } else {
        soon.tryFail(done.cause());
      }
    });
    return soon.future();
  }
}
