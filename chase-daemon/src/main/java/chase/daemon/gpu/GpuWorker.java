package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.Gpu;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The one owner of one GPU: all of its calls run on one thread of its own. A call that does not
 * come back in time makes the card lost, until it comes back after all; whatever it brings then is
 * dropped, the limit found is put back, and the card is told as opened anew. Used on one context.
 */
final class GpuWorker {
  private static final Logger LOG = System.getLogger(GpuWorker.class.getName());

  private enum State {
    /** Not introduced yet, or lost and asked now and then whether it is back. */
    AWAY,
    /** All is well. */
    ANSWERING,
    /** The last call has not come back. */
    HUNG,
    /** Finished. */
    CLOSED
  }

  /** A question to a card; it runs on the card's thread. */
  interface Ask<T> {
    T of(CardCalls card, CardCalls.Guard guard) throws GpuException;
  }

  /** Whom a worker talks to. */
  interface Listener {
    /** Something happened. */
    void happened(Event event);

    /** A call came back, well or not. */
    void answered();

    /** The driver itself is gone. */
    void driverGone(String why);
  }

  private final Vertx vertx;
  private final CardCalls card;
  private final GpuTiming timing;
  private final Listener listener;
  private final WorkerExecutor thread;
  private final Promise<Void> introduced = Promise.promise();

  /** Who waits for an answer to something that was asked beside telemetry and orders. */
  private final Set<Promise<?>> asked = new HashSet<>();

  /** Grows when everything under way becomes void; also read by the GPU's thread. */
  private final AtomicInteger era = new AtomicInteger();

  private State state = State.AWAY;
  private boolean reading;
  private String lastTrouble = "";
  private long beat;

  GpuWorker(RackNeeds needs, Gpu gpu, Listener listener) {
    this.vertx = needs.vertx();
    this.card =
        new CardCalls(gpu, needs.journals(), needs.profiles().apply(gpu.traits()), needs.clock());
    this.timing = needs.timing();
    this.listener = listener;
    this.thread = vertx.createSharedWorkerExecutor("gpu-" + id(), 1);
  }

  GpuId id() {
    return card.gpu().traits().id();
  }

  /** Completes when the card was introduced, or took too long. */
  Future<Void> start() {
    introduce();
    beat = vertx.setPeriodic(timing.telemetryPeriod().toMillis(), tick -> read());
    return introduced.future();
  }

  private void introduce() {
    call(card::introduce, this::opened, this::notIntroduced, state != State.HUNG);
  }

  private void opened(Event.GpuOpened opened) {
    state = State.ANSWERING;
    lastTrouble = "";
    listener.happened(opened);
    introduced.tryComplete();
  }

  private void notIntroduced(GpuException trouble) {
    if (state != State.HUNG) {
      complainOnce(String.valueOf(trouble.getMessage()));
    }
    state = State.AWAY;
    introduced.tryComplete();
    if (trouble.kind() == Kind.REOPEN) {
      listener.driverGone(String.valueOf(trouble.getMessage()));
    } else {
      later();
    }
  }

  private void later() {
    int mine = era.get();
    vertx.setTimer(
        timing.callDeadline().toMillis(),
        tick -> {
          if (mine == era.get()) {
            introduce();
          }
        });
  }

  /** A beat is left out while the last read is under way, so that nothing piles up. */
  private void read() {
    if (state == State.ANSWERING && !reading) {
      reading = true;
      call(card::read, this::readDone, this::readFailed, true);
    }
  }

  private void readDone(Event.ReadingTaken taken) {
    reading = false;
    lastTrouble = "";
    listener.happened(taken);
  }

  private void readFailed(GpuException trouble) {
    reading = false;
    String why = String.valueOf(trouble.getMessage());
    switch (trouble.kind()) {
      case RETRY, REFUSED -> {
        complainOnce(why);
        listener.happened(new Event.ReadingFailed(id(), why, card.clock().instant()));
      }
      case LOST -> lose(why);
      case REOPEN -> listener.driverGone(why);
    }
  }

  private void complainOnce(String why) {
    if (!why.equals(lastTrouble)) {
      lastTrouble = why;
      LOG.log(Level.WARNING, name() + ": " + why);
    }
  }

  /** Drops the order when the card is away: the engine was told already. */
  void carryOut(Order order) {
    if (state == State.ANSWERING) {
      int mine = era.get();
      call(
          () -> card.carryOut(order, () -> requireCurrent(mine)),
          listener::happened,
          e -> notCarriedOut(order, e),
          true);
    }
  }

  /**
   * Asks the card something for somebody who waits; fails at once while it is away, and with what
   * the card says.
   */
  <T> Future<T> ask(Ask<T> question) {
    Promise<T> answer = Promise.promise();
    if (state != State.ANSWERING) {
      return Future.failedFuture(new GpuException(Kind.LOST, name() + " does not answer"));
    }
    int mine = era.get();
    asked.add(answer);
    call(
        () -> question.of(card, () -> requireCurrent(mine)),
        told -> {
          asked.remove(answer);
          answer.tryComplete(told);
        },
        trouble -> {
          asked.remove(answer);
          answer.tryFail(trouble);
          troubled(trouble);
        },
        true);
    return answer.future();
  }

  /** A failure that is not only the asker's matter. */
  private void troubled(GpuException trouble) {
    switch (trouble.kind()) {
      case RETRY, REFUSED -> {}
      case LOST -> lose(String.valueOf(trouble.getMessage()));
      case REOPEN -> listener.driverGone(String.valueOf(trouble.getMessage()));
    }
  }

  private void notCarriedOut(Order order, GpuException trouble) {
    String why = String.valueOf(trouble.getMessage());
    switch (trouble.kind()) {
      case RETRY, REFUSED -> listener.happened(card.failed(order, trouble.kind(), why));
      case LOST -> lose(why);
      case REOPEN -> {
        listener.happened(card.failed(order, trouble.kind(), why));
        listener.driverGone(why);
      }
    }
  }

  private void lose(String why) {
    away(State.AWAY, why);
    later();
  }

  private void overdue(int mine) {
    if (mine == era.get()) {
      away(State.HUNG, "no answer within " + GpuTiming.words(timing.callDeadline()));
      introduced.tryComplete();
      introduce();
    }
  }

  private void away(State next, String why) {
    era.incrementAndGet();
    leaveUnanswered(why);
    reading = false;
    state = next;
    listener.happened(new Event.GpuLost(id(), why, next == State.HUNG, card.clock().instant()));
  }

  /** Ends telemetry; completes when no call is under way any more, which a hung one prevents. */
  Future<Void> close() {
    vertx.cancelTimer(beat);
    era.incrementAndGet();
    leaveUnanswered("it is being closed");
    state = State.CLOSED;
    introduced.tryComplete();
    return thread.executeBlocking(() -> true, false).eventually(thread::close).mapEmpty();
  }

  private void leaveUnanswered(String why) {
    List<Promise<?>> waiting = List.copyOf(asked);
    asked.clear();
    waiting.forEach(promise -> promise.tryFail(new GpuException(Kind.LOST, name() + ": " + why)));
  }

  private <T> void call(
      Callable<T> work, Consumer<T> answer, Consumer<GpuException> trouble, boolean timed) {
    int mine = era.get();
    long timer = timed ? vertx.setTimer(timing.callDeadline().toMillis(), t -> overdue(mine)) : -1;
    Context here = vertx.getOrCreateContext();
    thread.executeBlocking(
        () -> {
          Future<T> result = outcome(mine, work);
          // Sent from this thread, so that answers come in the order of the calls. A handler of the
          // future would overtake them where a call is done before it is attached, and a reading
          // that comes after a later write looks like somebody else's limit.
          here.runOnContext(now -> came(mine, timer, result, answer, trouble));
          return true;
        },
        false);
  }

  private <T> Future<T> outcome(int mine, Callable<T> work) {
    try {
      requireCurrent(mine);
      return Future.succeededFuture(work.call());
    } catch (Throwable e) {
      return Future.failedFuture(e);
    }
  }

  private <T> void came(
      int mine, long timer, Future<T> result, Consumer<T> answer, Consumer<GpuException> trouble) {
    vertx.cancelTimer(timer);
    if (mine == era.get()) {
      listener.answered();
      deliver(result, answer, trouble);
    }
  }

  private static <T> void deliver(
      AsyncResult<T> result, Consumer<T> answer, Consumer<GpuException> trouble) {
    if (result.succeeded()) {
      answer.accept(result.result());
    } else if (result.cause() instanceof GpuException known) {
      trouble.accept(known);
    } else {
      LOG.log(Level.ERROR, "a GPU call broke", result.cause());
      trouble.accept(new GpuException(Kind.RETRY, String.valueOf(result.cause())));
    }
  }

  private void requireCurrent(int mine) throws GpuException {
    if (mine != era.get()) {
      throw new GpuException(Kind.RETRY, "called off");
    }
  }

  private String name() {
    return "GPU " + card.gpu().traits().index() + " (" + id() + ")";
  }
}
