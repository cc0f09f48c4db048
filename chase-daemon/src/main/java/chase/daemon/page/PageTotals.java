package chase.daemon.page;

import chase.daemon.api.PageBody.TotalsBody;
import chase.daemon.api.PageBody.TotalsBody.SpanBody;
import chase.daemon.api.ReportBody;
import chase.daemon.ledger.Ledger;
import chase.daemon.ledger.ReportQuery;
import io.vertx.core.Future;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was used and saved today, in this week and in this month, by the host's calendar. The ledger
 * is asked again once it is old; what it said last is shown meanwhile. On the page's thread.
 */
final class PageTotals {
  /** The ledger writes twice a minute. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(30);

  /** Until the first answer: the page is there at once. */
  private static final String PENDING = "the ledger has not answered yet";

  private final Ledger ledger;
  private final ZoneId zone;
  private volatile TotalsBody last;
  private volatile Optional<String> method = Optional.empty();
  private Instant askedAt = Instant.MIN;

  PageTotals(Ledger ledger, ZoneId zone) {
    this.ledger = ledger;
    this.zone = zone;
    this.last = unavailable(PENDING);
  }

  /** A span of the calendar. */
  enum CalendarSpan {
    TODAY,
    WEEK,
    MONTH;

    /** Its start; weeks begin on Mondays (ISO 8601). */
    LocalDate start(LocalDate today) {
      return switch (this) {
        case TODAY -> today;
        case WEEK -> today.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        case MONTH -> today.withDayOfMonth(1);
      };
    }
  }

  /** The totals as last known. */
  TotalsBody at(Instant now) {
    Duration age = Duration.between(askedAt, now);
    if (askedAt.equals(Instant.MIN) || age.isNegative() || age.compareTo(GOOD_FOR) >= 0) {
      askedAt = now;
      ask(now);
    }
    return last;
  }

  private void ask(Instant now) {
    LocalDate today = now.atZone(zone).toLocalDate();
    Future<List<SpanBody>> all = Future.succeededFuture(new ArrayList<>());
    for (CalendarSpan span : CalendarSpan.values()) {
      Instant from = span.start(today).atStartOfDay(zone).toInstant();
      all =
          all.compose(spans ->
              report(from)
                  .map(report -> {
                    method = Optional.of(report.method());
                    spans.add(body(span, from, report));
                    return spans;
                  }));
    }
    all.onSuccess(spans -> last = totals(spans))
        .onFailure(why -> last = unavailable(String.valueOf(why.getMessage())));
  }

  private Future<ReportBody> report(Instant from) {
    return ledger.report(
        new ReportQuery(
            new ReportQuery.GroupBy(ReportQuery.GroupBy.GroupKind.GPU, Optional.empty()),
            Optional.of(from),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  private static SpanBody body(CalendarSpan span, Instant from, ReportBody report) {
    return new SpanBody(
        span.name().toLowerCase(Locale.ROOT),
        from,
        report.to(),
        report.simulated(),
        report.total());
  }

  private TotalsBody totals(List<SpanBody> spans) {
    return new TotalsBody(spans, method, zone.getId(), Optional.empty());
  }

  private TotalsBody unavailable(String why) {
    return new TotalsBody(List.of(), Optional.empty(), zone.getId(), Optional.of(why));
  }
}
