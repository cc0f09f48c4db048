package chase.daemon.http;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which connections are open, whose they are and since when they are in their phase. Has no clock:
 * {@link #tick} is called every second. Used on one thread.
 *
 * @param <C> a connection
 */
final class OpenConnections<C> {
  /** What a connection is about. */
  enum Phase {
    /** Open, without a request so far. */
    NEW,
    /** Between two requests. */
    IDLE,
    /** A request has begun to come in. */
    RECEIVING,
    /** A request is here as a whole, and no answer yet. */
    ANSWERING,
    /** An answer is on its way, for as long as it takes. */
    STREAMING;

    boolean isBusy() {
      return this == ANSWERING || this == STREAMING;
    }
  }

  private static final class Entry {
    private final String client;
    private Supplier<Phase> phase = () -> Phase.NEW;
    private Phase seen = Phase.NEW;
    private long since;

    Entry(String client, long since) {
      this.client = client;
      this.since = since;
    }
  }

  private final HttpLimits limits;
  private final Map<C, Entry> open = new LinkedHashMap<>();
  private long seconds;

  OpenConnections(HttpLimits limits) {
    this.limits = limits;
  }

  /** Adds a connection of {@code client}; returns the one that has to make room for it. */
  Optional<C> admit(C connection, String client) {
    Optional<C> leaving = Optional.empty();
    if (count(client) >= limits.connectionsPerClient()) {
      leaving = longestIdle(client);
    } else if (open.size() >= limits.connections()) {
      leaving = longestIdle(busiestClient());
    }
    leaving.ifPresent(open::remove);
    open.put(connection, new Entry(client, seconds));
    return leaving;
  }

  private long count(String client) {
    return open.values().stream().filter(entry -> entry.client.equals(client)).count();
  }

  private String busiestClient() {
    return open.values().stream()
        .collect(Collectors.groupingBy(entry -> entry.client, Collectors.counting()))
        .entrySet()
        .stream()
        .max(Map.Entry.comparingByValue())
        .orElseThrow()
        .getKey();
  }

  private Optional<C> longestIdle(String client) {
    return open.entrySet().stream()
        .filter(each -> each.getValue().client.equals(client))
        .min(
            Comparator.comparing((Map.Entry<C, Entry> each) -> each.getValue().phase.get().isBusy())
                .thenComparingLong(each -> each.getValue().since))
        .map(Map.Entry::getKey);
  }

  /**
   * A request comes in.
   *
   * @param phase returns its phase at any later time
   */
  void requestBegan(C connection, Supplier<Phase> phase) {
    Entry entry = open.get(connection);
    if (entry != null) {
      entry.phase = phase;
      entry.seen = Phase.RECEIVING;
      entry.since = seconds;
    }
  }

  void closed(C connection) {
    open.remove(connection);
  }

  Stream<C> all() {
    return open.keySet().stream();
  }

  /** Called every second; returns the connections that were in their phase for too long. */
  Map<C, FailureCounter.CloseReason> tick() {
    seconds++;
    open.values().forEach(this::update);
    return open.entrySet().stream()
        .flatMap(each ->
            overdue(each.getValue()).map(reason -> Map.entry(each.getKey(), reason)).stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private void update(Entry entry) {
    Phase now = entry.phase.get();
    if (now != entry.seen) {
      entry.seen = now;
      entry.since = seconds;
    }
  }

  private Optional<FailureCounter.CloseReason> overdue(Entry entry) {
    Function<Integer, Boolean> longerThan = bound -> seconds - entry.since > bound;
    return switch (entry.seen) {
      case IDLE -> when(longerThan.apply(limits.idleSeconds()), FailureCounter.CloseReason.IDLE);
      case NEW, RECEIVING ->
          when(longerThan.apply(limits.requestSeconds()), FailureCounter.CloseReason.SLOW_REQUEST);
      case ANSWERING ->
          when(longerThan.apply(limits.answerSeconds()), FailureCounter.CloseReason.UNANSWERED);
      case STREAMING -> Optional.empty();
    };
  }

  private static Optional<FailureCounter.CloseReason> when(
      boolean condition, FailureCounter.CloseReason reason) {
    return condition ? Optional.of(reason) : Optional.empty();
  }
}
