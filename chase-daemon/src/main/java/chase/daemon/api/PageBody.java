package chase.daemon.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that the page shows: {@code GET /v1/page}. Each component is a section that {@code GET
 * /v1/page/stream} sends again, as a whole, when it has changed.
 */
public record PageBody(
    PageServerBody server,
    Instant at,
    PageControlBody control,
    List<NoticeBody> notices,
    Optional<PlaybackBody> playback,
    ShownTimeBody window,
    SignalBody signal,
    Optional<IntensityBody> intensity,
    Optional<GridWindowBody> clean,
    Optional<GridWindowBody> dirty,
    String windowsRule,
    PastBody past,
    AheadBody ahead,
    Optional<PricesBody> prices,
    List<PageGpuBody> gpus,
    Map<String, PlanBody> plans,
    List<JobBody> jobs,
    TotalsBody totals,
    List<NotificationBody> events) {
  /** Copies the lists, and sorts the plans by GPU. */
  public PageBody {
    notices = List.copyOf(notices);
    gpus = List.copyOf(gpus);
    plans = Collections.unmodifiableMap(new TreeMap<>(plans));
    jobs = List.copyOf(jobs);
    events = List.copyOf(events);
  }

  /** Which process answers. */
  public record PageServerBody(
      String version,
      String instance,
      String hostName,
      String timeZone,
      Instant startedAt,
      double periodSeconds,
      boolean usersShown) {}

  /** Who decides about limits, and by what. */
  public record PageControlBody(
      String mode,
      boolean paused,
      Optional<Instant> pausedSince,
      Optional<Instant> pausedUntil,
      boolean stopping,
      String policy,
      Optional<String> promise,
      StatusBody.HostBody host) {}

  /** Something that a reader has to know before all figures. */
  public record NoticeBody(
      String kind, String severity, String text, Optional<String> gpu, Optional<Instant> until) {}

  /** A recording is played in place of a live grid. */
  public record PlaybackBody(double speed, String text) {}

  /** The time that every chart shows. */
  public record ShownTimeBody(Instant from, Instant to) {}

  /** The intensity in words, against what was usual. */
  public record IntensityBody(
      String word, String text, double lowGrams, double highGrams, String basis) {}

  /** A clean or a dirty window of the outlook. */
  public record GridWindowBody(Instant from, Instant to, double gramsPerKwh, String text) {}

  /** What counted in the time before now. */
  public record PastBody(List<Long> from, List<Long> to, List<Double> grams, List<String> origin) {
    /** Copies the lists. */
    public PastBody {
      from = List.copyOf(from);
      to = List.copyOf(to);
      grams = List.copyOf(grams);
      origin = List.copyOf(origin);
    }
  }

  /** The outlook and its band. */
  public record AheadBody(
      List<Long> from,
      List<Long> to,
      List<Double> grams,
      List<@Nullable Double> low,
      List<@Nullable Double> high,
      List<String> origin) {
    /** Copies the lists. */
    public AheadBody {
      from = List.copyOf(from);
      to = List.copyOf(to);
      grams = List.copyOf(grams);
      low = Collections.unmodifiableList(low);
      high = Collections.unmodifiableList(high);
      origin = List.copyOf(origin);
    }
  }

  /** What energy cost and will cost. */
  public record PricesBody(List<Long> from, List<Long> to, List<Double> price, String currency) {
    /** Copies the lists. */
    public PricesBody {
      from = List.copyOf(from);
      to = List.copyOf(to);
      price = List.copyOf(price);
    }
  }

  /** One GPU, and in words why it is at its limit. */
  public record PageGpuBody(
      @JsonUnwrapped GpuBody gpu,
      String explanation,
      Optional<ThrottleBody> throttle,
      Optional<OverrideBody> override) {}

  /** What holds the clocks of a GPU down. */
  public record ThrottleBody(List<String> words, String text) {
    /** Copies the list. */
    public ThrottleBody {
      words = List.copyOf(words);
    }
  }

  /** An operator holds a GPU at a limit. */
  public record OverrideBody(Optional<Double> limitWatts, Instant until) {}

  /** The limits that a policy would set ahead, if everything went as it expects. */
  public record PlanBody(String basis, String text, PlanColumns columns) {
    /** Period by period. */
    public record PlanColumns(
        List<Long> from, List<Long> to, List<Double> limit, List<Double> paused) {
      /** Copies the lists. */
      public PlanColumns {
        from = List.copyOf(from);
        to = List.copyOf(to);
        limit = List.copyOf(limit);
        paused = List.copyOf(paused);
      }
    }
  }

  /** What was used and saved in some spans of time. */
  public record TotalsBody(
      List<SpanBody> spans,
      Optional<String> method,
      String timeZone,
      Optional<String> unavailable) {
    /** Copies the list. */
    public TotalsBody {
      spans = List.copyOf(spans);
    }

    /** One span of the calendar up to now. */
    public record SpanBody(
        String span, Instant from, Instant to, boolean simulated, ReportBody.LineBody line) {}
  }
}
