package chase.daemon.gpu;

import chase.zeus.engine.Event;
import chase.zeus.engine.Order;
import chase.zeus.gpu.GpuException;
import chase.zeus.gpu.GpuException.Kind;
import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSlot;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one owner of one GPU: all of its calls, those that open it included, run on one thread of its
 * own. A GPU that cannot be opened is tried again now and then. A call that does not come back in
 * time makes the card lost, until it comes back after all; whatever it brings then is dropped, the
 * original limit is put back, and the card is told as opened anew. Used on one context.
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

  private interface Change<T> {
    T made() throws GpuException;
  }

  /** Whom a worker talks to. */
  interface Listener {
    /** Something happened. */
    void happened(Event event);

    /** A call came back, well or not. */
    void answered();

    /** A reading was taken. */
    void read(GpuWorker worker);

    /** A reading failed in passing, as every one did for so long. */
    void failing(GpuWorker worker, Duration so, String why);

    /** The driver itself seems gone. */
    void driverGone(GpuWorker worker, String why);
  }

  private final Vertx vertx;
  private final int index;
  private final CardOpening opening;
  private final GpuTiming timing;
  private final InstantSource clock;
  private final Listener listener;
  private final GpuThread thread;
  private final Promise<Void> introduced = Promise.promise();

  /** Who waits for an answer to something that was asked beside telemetry and orders. */
  private final Set<Promise<?>> asked = new HashSet<>();

  /** Whether a call that may change the card is under way; set by the GPU's thread. */
  private volatile boolean writing;

  /** Of the last time that the card was opened. */
  private volatile Optional<CardCalls> card = Optional.empty();

  private State state = State.AWAY;
  private boolean reading;
  private String lastTrouble = "";

  /** When the first of the readings failed that all failed since. */
  private Optional<Instant> failingSince = Optional.empty();

  private long beat;

  /** A worker whose thread has a name that no other had; one that hung may still be about. */
  GpuWorker(RackNeeds needs, GpuSlot slot, String threadName, Listener listener) {
    this.vertx = needs.vertx();
    this.index = slot.index();
    this.opening = new CardOpening(slot, needs);
    this.timing = needs.timing();
    this.clock = needs.clock();
    this.listener = listener;
    this.thread = new GpuThread(vertx, threadName, timing.callDeadline(), listener::answered);
  }

  /** Its place in the driver's list. */
  int index() {
    return index;
  }

  /** Which GPU it is, once it was opened. */
  Optional<GpuId> id() {
    return card.map(known -> known.gpu().traits().id());
  }

  /** Completes when the card was introduced, or took too long. */
  Future<Void> start() {
    introduce();
    beat = vertx.setPeriodic(timing.telemetryPeriod().toMillis(), tick -> read());
    return introduced.future();
  }

  /** Whether the card answers to orders and questions. */
  boolean answers() {
    return state == State.ANSWERING;
  }

  /** Whether the card answers, and its readings succeed. */
  boolean reads() {
    return answers() && failingSince.isEmpty();
  }

  /** Whether the card was never introduced so far, and nobody has given up waiting for it. */
  boolean isAwaited() {
    return !introduced.future().isComplete();
  }

  /** The GPU on which a change that Chase began has not come back; any thread may ask. */
  Optional<GpuId> hungWrite() {
    return writing ? id() : Optional.empty();
  }

  private void introduce() {
    if (state == State.HUNG) {
      thread.call(opening::open, this::opened, this::notIntroduced);
    } else {
      thread.call(opening::open, this::opened, this::notIntroduced, this::overdue);
    }
  }

  private void opened(CardOpening.Opened opened) {
    card = Optional.of(opened.card());
    state = State.ANSWERING;
    lastTrouble = "";
    listener.happened(opened.event());
    introduced.tryComplete();
  }

  private void notIntroduced(GpuException trouble) {
    if (state != State.HUNG) {
      complainOnce(String.valueOf(trouble.getMessage()));
    }
    state = State.AWAY;
    introduced.tryComplete();
    if (trouble.kind() == Kind.REOPEN) {
      listener.driverGone(this, String.valueOf(trouble.getMessage()));
    } else {
      later();
    }
  }

  /** What looked like the driver's trouble is this card's alone: it is opened again by itself. */
  void loseAlone(String why) {
    if (state == State.ANSWERING) {
      lose(why);
    } else {
      later();
    }
  }

  private void later() {
    thread.later(this::introduce);
  }

  /** A beat is left out while the last read is under way, so that nothing piles up. */
  private void read() {
    if (state == State.ANSWERING && !reading) {
      reading = true;
      CardCalls opened = card.orElseThrow();
      thread.call(opened::read, this::readDone, this::readFailed, this::overdue);
    }
  }

  private void readDone(List<Event> taken) {
    reading = false;
    lastTrouble = "";
    failingSince = Optional.empty();
    listener.read(this);
    taken.forEach(listener::happened);
  }

  private void readFailed(GpuException trouble) {
    reading = false;
    if (isPassing(trouble)) {
      String why = String.valueOf(trouble.getMessage());
      complainOnce(why);
      Instant now = clock.instant();
      id().ifPresent(known -> listener.happened(new Event.ReadingFailed(known, why, now)));
      Instant since = failingSince.orElse(now);
      failingSince = Optional.of(since);
      listener.failing(this, Duration.between(since, now), why);
    }
    troubled(trouble);
  }

  private static boolean isPassing(GpuException trouble) {
    return trouble.kind() == Kind.RETRY || trouble.kind() == Kind.REFUSED;
  }

  private void complainOnce(String why) {
    if (!why.equals(lastTrouble)) {
      lastTrouble = why;
      LOG.log(Level.WARNING, why.startsWith(name()) ? why : name() + ": " + why);
    }
  }

  /** Drops the order when the card is away: the engine was told already. */
  void carryOut(Order order) {
    if (state == State.ANSWERING) {
      int mine = thread.era();
      CardCalls opened = card.orElseThrow();
      thread.call(
          () -> writing(() -> opened.carryOut(order, () -> thread.requireCurrent(mine))),
          listener::happened,
          e -> notCarriedOut(opened, order, e),
          this::overdue);
    }
  }

  /** Asks for a change of the card; see {@link #ask}. */
  <T> Future<T> change(Ask<T> question) {
    return ask((opened, guard) -> writing(() -> question.of(opened, guard)));
  }

  private <T> T writing(Change<T> change) throws GpuException {
    writing = true;
    try {
      return change.made();
    } finally {
      writing = false;
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
    int mine = thread.era();
    CardCalls opened = card.orElseThrow();
    asked.add(answer);
    thread.call(
        () -> question.of(opened, () -> thread.requireCurrent(mine)),
        told -> {
          asked.remove(answer);
          answer.tryComplete(told);
        },
        trouble -> {
          asked.remove(answer);
          answer.tryFail(trouble);
          troubled(trouble);
        },
        this::overdue);
    return answer.future();
  }

  /** A failure that is not only the asker's matter. */
  private void troubled(GpuException trouble) {
    switch (trouble.kind()) {
      case RETRY, REFUSED -> {}
      case LOST -> lose(String.valueOf(trouble.getMessage()));
      case REOPEN -> listener.driverGone(this, String.valueOf(trouble.getMessage()));
    }
  }

  private void notCarriedOut(CardCalls opened, Order order, GpuException trouble) {
    if (trouble.kind() != Kind.LOST) {
      listener.happened(opened.failed(order, trouble.kind(), String.valueOf(trouble.getMessage())));
    }
    troubled(trouble);
  }

  private void lose(String why) {
    away(State.AWAY, why);
    later();
  }

  private void overdue() {
    away(State.HUNG, DriverCall.noAnswer(timing.callDeadline()));
    introduced.tryComplete();
    introduce();
  }

  /** A card that was never introduced is unknown to whoever hears of events. */
  private void away(State next, String why) {
    thread.endEra();
    leaveUnanswered(why);
    reading = false;
    failingSince = Optional.empty();
    state = next;
    id().ifPresentOrElse(
            known ->
                listener.happened(
                    new Event.GpuLost(known, why, next == State.HUNG, clock.instant())),
            () -> complainOnce(why));
  }

  /** Ends telemetry; completes when no call is under way any more, which a hung one prevents. */
  Future<Void> close() {
    vertx.cancelTimer(beat);
    thread.endEra();
    leaveUnanswered("it is being closed");
    state = State.CLOSED;
    introduced.tryComplete();
    return thread.close();
  }

  private void leaveUnanswered(String why) {
    List<Promise<?>> waiting = List.copyOf(asked);
    asked.clear();
    waiting.forEach(promise -> promise.tryFail(new GpuException(Kind.LOST, name() + ": " + why)));
  }

  /** Such as {@code GPU 0 (GPU-6e8a...)}, or {@code GPU 0} while its UUID is unknown. */
  String name() {
    return "GPU " + index + id().map(known -> " (" + known + ")").orElse("");
  }
}
