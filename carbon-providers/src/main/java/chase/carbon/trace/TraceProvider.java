package chase.carbon.trace;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.SignalKind;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Plays a trace as if it were the grid, from the moment of its creation on. Validity and
 * publication are in wall time; the trace's own time is in {@link Provenance.Replayed}.
 */
public final class TraceProvider implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = "trace";

  private final Trace trace;
  private final Region region;
  private final SignalKind kind;
  private final boolean repeat;
  private final InstantSource clock;
  private final Playback playback;

  /**
   * Begins to play now.
   *
   * @param region where the trace was recorded
   * @param scope which emissions it counts, where the file itself does not state it; a CSV file is
   *     taken for an average
   * @throws IllegalArgumentException when the file states others, the start lies outside the trace,
   *     or the speed leaves a row less than a microsecond
   */
  public TraceProvider(
      Trace trace,
      Region region,
      SignalKind.EmissionScope scope,
      PlaybackSettings settings,
      InstantSource clock) {
    this.trace = trace;
    this.region = region;
    this.kind = kind(trace, scope);
    this.repeat = settings.repeat();
    this.clock = clock;
    this.playback = Playback.from(trace, settings, clock.instant());
  }

  private static SignalKind kind(Trace trace, SignalKind.EmissionScope scope) {
    SignalKind configured = new SignalKind(SignalKind.Margin.AVERAGE, scope);
    SignalKind own = trace.series().map(Trace.RecordedSeries::kind).orElse(configured);
    if (scope != SignalKind.EmissionScope.UNSTATED && own.scope() != scope) {
      throw new IllegalArgumentException(
          "trace scope: %s is a recording of kind %s, not %s"
              .formatted(trace.file(), own.description(), scope.name().toLowerCase(Locale.ROOT)));
    }
    return own;
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return region;
  }

  @Override
  public SignalKind kind() {
    return kind;
  }

  /**
   * The row that is played now.
   *
   * @throws CarbonUnavailable as {@code NO_DATA} inside a gap, after the end of a trace that does
   *     not repeat, and before its start when the clock went back
   */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable {
    Instant now = clock.instant();
    long round = repeat ? playback.roundAt(now) : 0;
    int row = playback.rowAt(round, now);
    if (row < 0) {
      throw noData(" has not begun at " + now);
    }
    Instant end = playback.wall(round, trace.endMillis(row));
    if (!now.isBefore(end)) {
      throw noData(row == trace.rows() - 1 ? " ended" : gapAfter(row));
    }
    return intensity(row, playback.wall(round, trace.startMillis(row)), end, now);
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST, Ability.HISTORY);
  }

  /** What the recording holds of the time before its start. */
  @Override
  public List<CarbonIntensity> history(Instant from, Instant to) {
    List<CarbonIntensity> past = new ArrayList<>();
    Instant now = clock.instant();
    for (int row = 0; row < trace.rows(); row++) {
      Instant begin = playback.wall(0, trace.startMillis(row));
      Instant end = playback.wall(0, trace.endMillis(row));
      if (end.isAfter(to)) {
        break;
      }
      if (!end.isBefore(from)) {
        past.add(intensity(row, begin, end, now));
      }
    }
    return past;
  }

  private CarbonIntensity intensity(int row, Instant from, Instant to, Instant now) {
    Instant recordedAt = Instant.ofEpochMilli(trace.startMillis(row));
    return new CarbonIntensity(
        trace.value(row),
        kind,
        new Provenance.Replayed(recordedAt),
        PROVIDER,
        region,
        from,
        to,
        from,
        now,
        Optional.empty());
  }

  private String gapAfter(int row) {
    return " has a gap from %s to %s"
        .formatted(
            Instant.ofEpochMilli(trace.endMillis(row)),
            Instant.ofEpochMilli(trace.startMillis(row + 1)));
  }

  private CarbonUnavailable noData(String what) {
    return new CarbonUnavailable(FailureReason.NO_DATA, "trace " + trace.file() + what);
  }
}
