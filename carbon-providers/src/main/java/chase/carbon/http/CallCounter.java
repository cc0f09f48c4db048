package chase.carbon.http;

import chase.carbon.PlainLine;
import chase.carbon.http.CallCounts.CallOutcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts one provider's calls. Holds one number for each call of the last hour. */
final class CallCounter {
  private static final System.Logger LOG = System.getLogger(CallCounter.class.getPackageName());

  /** More kinds of faults would be no news. */
  private static final int MOST_LOGGED = 20;

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final CallLimiter.CallRules rules;
  private final MonotonicTime time;
  private final Map<CallOutcome, LongAdder> totals = new EnumMap<>(CallOutcome.class);
  private final ConcurrentLinkedDeque<Long> sent = new ConcurrentLinkedDeque<>();

  private final LongAdder skippedParts = new LongAdder();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  CallCounter(CallLimiter.CallRules rules, MonotonicTime time) {
    this.rules = rules;
    this.time = time;
    for (CallOutcome outcome : CallOutcome.values()) {
      totals.put(outcome, new LongAdder());
    }
  }

  void countSent() {
    dropOld();
    sent.addLast(time.currentTimeNanos());
  }

  void count(CallOutcome outcome) {
    Objects.requireNonNull(totals.get(outcome)).increment();
  }

  /** A part of a response was left out; each kind of part is logged once. */
  void countSkipped(String line) {
    skippedParts.increment();
    if (logged.size() < MOST_LOGGED && logged.add(line.replaceAll("\\d+", "#"))) {
      LOG.log(
          System.Logger.Level.WARNING, PlainLine.of(line) + "; it is left out, the rest is used");
    }
  }

  CallCounts counts() {
    dropOld();
    Map<CallOutcome, Long> total = new EnumMap<>(CallOutcome.class);
    totals.forEach((outcome, count) -> total.put(outcome, count.sum()));
    return new CallCounts(
        rules.provider(), total, sent.size(), rules.callsPerHour(), skippedParts.sum());
  }

  private void dropOld() {
    long oldest = time.currentTimeNanos() - HOUR;
    sent.removeIf(at -> at <= oldest);
  }
}
