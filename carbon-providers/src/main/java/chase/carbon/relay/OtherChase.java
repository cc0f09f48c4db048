package chase.carbon.relay;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.Provenance;
import chase.carbon.ProviderCheck;
import chase.carbon.ProviderCheck.Ability;
import chase.carbon.Region;
import chase.carbon.RejectReason;
import chase.carbon.SignalKind;
import chase.carbon.http.BaseUrl;
import chase.carbon.http.CredentialFormat;
import chase.carbon.http.ProviderHttp;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The signal of another host's Chase. Of several the first that has an outlook counts. A value is
 * what its first host got: with its provider, provenance and times. A forecast, a last value or a
 * mean there is no live value here either: a forecast is passed on as the forecast that it is, and
 * a mean not at all, since this host has its own.
 */
public final class OtherChase implements CarbonProvider {
  /** The name in labels and tables. */
  public static final String PROVIDER = CarbonIntensity.RELAY;

  private static final System.Logger LOG = System.getLogger(OtherChase.class.getName());

  private static final String NO_VALUE = "passes on no value for now";

  /** The value and the forecast of one poll are of one body. */
  private static final Duration ONE_POLL = Duration.ofSeconds(30);

  private final RelayOptions options;
  private final List<RelayConnection> relays;
  private final InstantSource clock;
  private volatile Optional<FetchedOutlook> last = Optional.empty();
  private volatile List<String> attribution = List.of();

  /**
   * An outlook.
   *
   * @param failures why those have none that were asked before
   */
  private record FetchedOutlook(
      RelayConnection from, RelayedOutlook outlook, Instant at, List<CarbonUnavailable> failures) {}

  /**
   * Whom to ask, and what is expected.
   *
   * @param urls the metrics listeners of other hosts, in the order in which they are asked
   * @param token what those listeners want shown
   * @param region the region that their values must be of
   * @param kind the kind that they must be of
   * @param own this Chase, whose own values must not come back to it
   */
  public record RelayOptions(
      List<URI> urls,
      Optional<String> token,
      Region region,
      SignalKind kind,
      CarbonIntensity.Relay own) {
    /** Refuses no address, an unfit one, and an unfit token, with IllegalArgumentException. */
    public RelayOptions {
      if (urls.isEmpty()) {
        throw new IllegalArgumentException(PROVIDER + " urls: there are none");
      }
      urls = List.copyOf(urls);
      urls.forEach(url -> BaseUrl.checked(PROVIDER + " urls", url));
      token.ifPresent(secret -> CredentialFormat.token(PROVIDER + " token", secret));
    }

    /** All but the token. */
    @Override
    public String toString() {
      return "%s %s (%s) at %s".formatted(PROVIDER, region, kind.description(), urls);
    }
  }

  /**
   * A client that has not called yet.
   *
   * @param https the client of each address, so that the pause that one wants holds up none of the
   *     others
   */
  public OtherChase(RelayOptions options, List<ProviderHttp> https, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    List<RelayConnection> all = new ArrayList<>();
    for (int i = 0; i < options.urls().size(); i++) {
      all.add(new RelayConnection(options.urls().get(i), options, https.get(i), clock));
    }
    this.relays = List.copyOf(all);
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Region region() {
    return options.region();
  }

  @Override
  public SignalKind kind() {
    return options.kind();
  }

  /** For whom those wait that had no outlook when they were asked last. */
  public AwaitedHosts awaited() {
    return new AwaitedHosts(
        relays.stream().flatMap(relay -> relay.awaited().hosts().stream()).toList());
  }

  /** That of the values that came last. */
  @Override
  public Optional<String> attribution() {
    return attribution.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", attribution));
  }

  @Override
  public Set<Ability> abilities() {
    return EnumSet.of(Ability.LATEST, Ability.FORECAST);
  }

  /** The other's value for now, or its last one; none where it has but a forecast or a mean. */
  @Override
  public CarbonIntensity current() throws CarbonUnavailable, InterruptedException {
    FetchedOutlook fetched = fetch();
    return switch (fetched.outlook().level()) {
      case LIVE, LAST_VALUE -> {
        CarbonIntensity value = fitting(fetched);
        if (isForecastOrMean(value)) {
          throw noValue(fetched);
        }
        yield value;
      }
      case PROVIDER_FORECAST, OWN_FORECAST, STATIC, NO_SIGNAL -> throw noValue(fetched);
    };
  }

  private static boolean isForecastOrMean(CarbonIntensity value) {
    return value.provenance() instanceof Provenance.ForecastByChase
        || value.provenance() instanceof Provenance.Static;
  }

  /** Where the other asks a Chase too, its trouble may hold another's, and so on. */
  private static CarbonUnavailable noValue(FetchedOutlook fetched) {
    RelayedOutlook outlook = fetched.outlook();
    return new CarbonUnavailable(
        FailureReason.NO_DATA,
        String.format(
            Locale.ROOT,
            "%s: %s is at level %d, %s, itself, and " + NO_VALUE + "%s",
            fetched.from().subject(),
            outlook.relay().host(),
            outlook.level().number(),
            outlook.level().label(),
            outlook.trouble().map(why -> " (" + withoutInner(why) + ")").orElse("")));
  }

  private static String withoutInner(String trouble) {
    int inner = trouble.indexOf(NO_VALUE);
    return inner < 0 ? trouble : trouble.substring(0, inner + NO_VALUE.length());
  }

  /** What the other's provider or the other itself expects; each period says which. */
  @Override
  public List<CarbonIntensity> forecast() throws CarbonUnavailable, InterruptedException {
    Optional<FetchedOutlook> recent = recent();
    FetchedOutlook fetched = recent.isPresent() ? recent.get() : fetch();
    RelayedOutlook outlook = fetched.outlook();
    List<CarbonIntensity> ahead =
        switch (outlook.level()) {
          case PROVIDER_FORECAST, OWN_FORECAST ->
              Stream.concat(Stream.of(fitting(fetched)), outlook.forecast().stream()).toList();
          case LIVE, LAST_VALUE, STATIC, NO_SIGNAL -> outlook.forecast();
        };
    List<CarbonIntensity> fit =
        ahead.stream()
            .filter(point -> point.region().equals(region()) && point.kind().equals(kind()))
            .filter(point -> !(point.provenance() instanceof Provenance.Static))
            .toList();
    if (fit.isEmpty()) {
      throw new CarbonUnavailable(
          FailureReason.NO_DATA,
          "%s: %s has no forecast".formatted(fetched.from().subject(), outlook.relay().host()));
    }
    return fit;
  }

  /** The number that counts there, where it is of the region and kind that are expected here. */
  private CarbonIntensity fitting(FetchedOutlook fetched) throws CarbonUnavailable {
    CarbonIntensity value = fetched.outlook().current().orElseThrow();
    String line = fetched.from().subject() + ": " + fetched.outlook().relay().host();
    if (!value.region().equals(region())) {
      throw new CarbonUnavailable(
          FailureReason.UNKNOWN_REGION,
          "%s passes on %s, not %s; set carbon.chase.region: %s, or ask another host"
              .formatted(line, value.region(), region(), value.region()));
    }
    if (!value.kind().equals(kind())) {
      throw new CarbonUnavailable(
              FailureReason.IMPLAUSIBLE,
              "%s passes on %s (%s), and %s is expected here; set carbon.chase.%s"
                  .formatted(
                      line,
                      value.provider(),
                      value.kind().description(),
                      kind().description(),
                      settings(value.kind())))
          .rejectedFor(RejectReason.OTHER_KIND);
    }
    return value;
  }

  /** The lines that make that kind the expected one. */
  private String settings(SignalKind found) {
    List<String> lines = new ArrayList<>();
    if (found.margin() != kind().margin()) {
      lines.add("margin: " + found.margin().name().toLowerCase(Locale.ROOT));
    }
    if (found.scope() != kind().scope()) {
      lines.add("emission-factor-type: " + found.scope().name().toLowerCase(Locale.ROOT));
    }
    return String.join(" and carbon.chase.", lines);
  }

  /** The outlook of the first that has one; the first is asked first again the next time. */
  private FetchedOutlook fetch() throws CarbonUnavailable, InterruptedException {
    List<CarbonUnavailable> failures = new ArrayList<>();
    for (RelayConnection relay : relays) {
      try {
        return remember(new FetchedOutlook(relay, relay.fetch(), clock.instant(), failures));
      } catch (CarbonUnavailable why) {
        failures.add(why);
      }
    }
    throw allFailed(failures);
  }

  private FetchedOutlook remember(FetchedOutlook fetched) {
    List<CarbonUnavailable> failures = fetched.failures();
    boolean another = last.filter(before -> before.from() == fetched.from()).isEmpty();
    if (another && (last.isPresent() || !failures.isEmpty())) {
      LOG.log(
          System.Logger.Level.INFO,
          fetched.from().subject()
              + ": its outlook counts now"
              + failures.stream().map(why -> "; " + why.getMessage()).reduce("", String::concat));
    }
    last = Optional.of(fetched);
    attribution = fetched.outlook().attribution();
    return fetched;
  }

  /** The first one's failure with the others', and the shortest pause that one of them wants. */
  private static CarbonUnavailable allFailed(List<CarbonUnavailable> failures) {
    Optional<Duration> pause =
        failures.stream().allMatch(why -> why.retryAfter().isPresent())
            ? failures.stream().flatMap(why -> why.retryAfter().stream()).min(Duration::compareTo)
            : Optional.empty();
    return new CarbonUnavailable(
        failures.getFirst().reason(),
        String.join(
            "; ", failures.stream().map(why -> Objects.requireNonNull(why.getMessage())).toList()),
        pause);
  }

  private Optional<FetchedOutlook> recent() {
    Instant now = clock.instant();
    return last.filter(known -> Duration.between(known.at(), now).abs().compareTo(ONE_POLL) < 0);
  }

  /** One call for each address, so that a spare that would fail is known before it is needed. */
  @Override
  public ProviderCheck check() throws InterruptedException {
    ProviderCheck check;
    try {
      CarbonIntensity value = current();
      check =
          ProviderCheck.granted(
                  PROVIDER, region(), abilities(), List.of(), relays.getFirst().http().clockSkew())
              .withRemark(
                  "%s %s, %s"
                      .formatted(value.provider(), value.region(), value.viaText().orElse("")));
    } catch (CarbonUnavailable why) {
      return ProviderCheck.refused(PROVIDER, region(), why, List.of(), Optional.empty());
    }
    List<CarbonUnavailable> failures = new ArrayList<>(last.orElseThrow().failures());
    for (RelayConnection spare : relays.subList(failures.size() + 1, relays.size())) {
      try {
        spare.fetch();
      } catch (CarbonUnavailable why) {
        failures.add(why);
      }
    }
    for (CarbonUnavailable why : failures) {
      check = check.withRemark("but " + why.getMessage());
    }
    return check;
  }
}
