package chase.carbon.http;

import chase.carbon.http.Calls.Outcome;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Counts one provider's calls. Holds one number for each call of the last hour. */
final class CallLog {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private final Etiquette etiquette;
  private final SteadyTime time;
  private final Map<Outcome, LongAdder> totals = new EnumMap<>(Outcome.class);
  private final ConcurrentLinkedDeque<Long> sent = new ConcurrentLinkedDeque<>();

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

  Calls calls() {
    forget();
    Map<Outcome, Long> total = new EnumMap<>(Outcome.class);
    totals.forEach((outcome, count) -> total.put(outcome, count.sum()));
    return new Calls(etiquette.provider(), total, sent.size(), etiquette.callsPerHour());
  }

  private void forget() {
    long oldest = time.currentTimeNanos() - HOUR;
    sent.removeIf(at -> at <= oldest);
  }
}
