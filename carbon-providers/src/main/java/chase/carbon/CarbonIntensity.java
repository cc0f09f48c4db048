package chase.carbon;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One carbon intensity with everything that is known about it.
 *
 * @param value the intensity
 * @param kind average or marginal, direct or lifecycle
 * @param provenance measured, estimated, forecast, replayed or a yearly mean
 * @param provider whose value it is, such as {@code electricity-maps}
 * @param region where it holds
 * @param validFrom the start of the period that it describes
 * @param validTo the end of that period, excluded
 * @param publishedAt when the provider last wrote the value; where that is unknown, when it was
 *     fetched
 * @param fetchedAt when it reached this host; of one that came through other hosts, when it reached
 *     the first of them, so that no hop makes it younger
 * @param modelDate the date of the provider's model, where it names one; a new one may shift levels
 * @param via the hosts whose Chase passed it on, the one that asked the provider first; empty where
 *     this host asked
 */
public record CarbonIntensity(
    GramsPerKwh value,
    SignalKind kind,
    Provenance provenance,
    String provider,
    Region region,
    Instant validFrom,
    Instant validTo,
    Instant publishedAt,
    Instant fetchedAt,
    Optional<LocalDate> modelDate,
    List<Relay> via)
    implements TimedValue {
  /** The {@link #source} of what came through other hosts. */
  public static final String RELAY = "chase";

  /** Refuses an empty period with {@link IllegalArgumentException}. */
  public CarbonIntensity {
    if (!validFrom.isBefore(validTo)) {
      throw new IllegalArgumentException("empty period: " + validFrom + " to " + validTo);
    }
    via = List.copyOf(via);
  }

  /** One that this host has from the provider itself. */
  public CarbonIntensity(
      GramsPerKwh value,
      SignalKind kind,
      Provenance provenance,
      String provider,
      Region region,
      Instant validFrom,
      Instant validTo,
      Instant publishedAt,
      Instant fetchedAt,
      Optional<LocalDate> modelDate) {
    this(
        value,
        kind,
        provenance,
        provider,
        region,
        validFrom,
        validTo,
        publishedAt,
        fetchedAt,
        modelDate,
        List.of());
  }

  /**
   * A Chase that passed a value on.
   *
   * @param host what its host calls itself
   * @param id tells it from every other Chase, also from one of the same name
   */
  public record Relay(String host, String id) {
    /** Refuses what is no name or id, and could do harm where it is shown. */
    public Relay {
      if (!host.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}") || !id.matches("[0-9a-f]{8,64}")) {
        throw new IllegalArgumentException(
            "no host's name and id: " + PlainLine.quote(host) + ", " + PlainLine.quote(id));
      }
    }
  }

  /** The {@link CarbonProvider#provider} that gave it to this host. */
  public String source() {
    return via.isEmpty() ? provider : RELAY;
  }

  /** The hosts that passed it on, such as {@code via gpu-07}; empty where there are none. */
  public Optional<String> viaText() {
    return via.isEmpty()
        ? Optional.empty()
        : Optional.of(via.stream().map(Relay::host).collect(Collectors.joining(", ", "via ", "")));
  }

  /** The same as it comes from {@code relay}. */
  public CarbonIntensity passedOnBy(Relay relay) {
    return with(validFrom, Stream.concat(via.stream(), Stream.of(relay)).toList());
  }

  /** What is left of it from {@code from} on, an instant inside the period. */
  public CarbonIntensity from(Instant from) {
    return with(from, via);
  }

  private CarbonIntensity with(Instant from, List<Relay> hosts) {
    return new CarbonIntensity(
        value,
        kind,
        provenance,
        provider,
        region,
        from,
        validTo,
        publishedAt,
        fetchedAt,
        modelDate,
        hosts);
  }
}
