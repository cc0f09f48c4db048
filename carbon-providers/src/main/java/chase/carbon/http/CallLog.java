package chase.carbon.http;

import chase.carbon.http.Calls.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts one provider's calls. Holds one number for each call of the last hour. */
final class CallLog {
  private static final System.Logger LOG = System.getLogger(CallLog.class.getPackageName());

  /** More kinds of trouble would say nothing new. */
  private static final int MOST_SAID = 20;

  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Etiquette etiquette;
  private final SteadyTime time;
  private final Map<Outcome, LongAdder> totals = new EnumMap<>(Outcome.class);
  private final ConcurrentLinkedDeque<Long> sent = new ConcurrentLinkedDeque<>();

  private final LongAdder leftOut = new LongAdder();
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  CallLog(Etiquette etiquette, SteadyTime time) {
    this.etiquette = etiquette;
    this.time = time;
    for (Outcome outcome : Outcome.values()) {
      totals.put(outcome, new LongAdder());
    }
  }

  void sending() {
    forget();
    sent.addLast(time.currentTimeNanos());
  }

  void became(Outcome outcome) {
    Objects.requireNonNull(totals.get(outcome)).increment();
  }

  /** A part of an answer was left out; each kind of part is said once. */
  void leftOut(String line) {
    leftOut.increment();
    if (said.size() < MOST_SAID && said.add(line.replaceAll("\\d+", "#"))) {
      LOG.log(System.Logger.Level.WARNING, line + "; it is left out, the rest is used");
    }
  }

  Calls calls() {
    forget();
    Map<Outcome, Long> total = new EnumMap<>(Outcome.class);
    totals.forEach((outcome, count) -> total.put(outcome, count.sum()));
    return new Calls(
        etiquette.provider(), total, sent.size(), etiquette.callsPerHour(), leftOut.sum());
  }

  private void forget() {
    long oldest = time.currentTimeNanos() - HOUR;
    sent.removeIf(at -> at <= oldest);
  }
}
