package chase.daemon.doctor;

import chase.carbon.CarbonIntensity;
import chase.carbon.CarbonProvider;
import chase.carbon.CarbonUnavailable;
import chase.carbon.CarbonUnavailable.FailureReason;
import chase.carbon.EnergyPrice;
import chase.carbon.PriceProvider;
import chase.carbon.ProviderCheck;
import chase.carbon.http.ProxyRules;
import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import chase.daemon.config.CarbonConfig.CarbonProviderName;
import chase.daemon.config.ChaseConfig;
import chase.daemon.config.ConfigException;
import chase.daemon.grid.GridSources;
import chase.daemon.grid.ProviderCheckLog;
import chase.daemon.grid.SignalSettings;
import chase.daemon.text.Durations;
import chase.daemon.text.RegionAdvice;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What each provider allows, and its number now. Calls every one of them over the network.
 *
 * @param config the configuration
 * @param environment the process's environment variables, where proxies may be named
 */
record GridChecks(ChaseConfig config, Map<String, String> environment) {
  private static final String CARBON = "carbon";
  private static final String PRICE = "price";

  /** Less than a command waits for the whole answer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter TIME_IN_ZONE =
      DateTimeFormatter.ofPattern("HH:mm z", Locale.ROOT).withZone(ZoneId.systemDefault());

  /** Those of sources that are made for this and closed afterwards. */
  List<CheckBody> ofOwnSources(InstantSource clock) {
    try (GridSources grid = GridSources.of(config, environment, clock)) {
      return of(grid, clock.instant());
    } catch (ConfigException.Forbidden e) {
      return List.of(
          CheckBody.failed(CARBON, String.valueOf(e.getMessage())).withRemedy("sudo chase doctor"));
    } catch (ConfigException | IllegalArgumentException e) {
      return List.of(CheckBody.failed(CARBON, String.valueOf(e.getMessage())));
    }
  }

  /** Those of the sources in use at {@code now}. */
  List<CheckBody> of(GridSources grid, Instant now) {
    List<CheckBody> checks = new ArrayList<>();
    if (config.carbon().provider() == CarbonProviderName.NONE) {
      checks.add(noProvider());
    }
    proxy().ifPresent(checks::add);
    authorities(now).ifPresent(checks::add);
    List<Callable<List<CheckBody>>> calls = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (CarbonProvider provider :
        grid.settings().carbon().map(SignalSettings.CarbonSettings::providers).orElse(List.of())) {
      boolean called = grid.checkedProviders().contains(provider);
      calls.add(() -> carbon(provider, called, now));
      names.add(provider.provider() + " " + provider.region());
    }
    grid.settings()
        .price()
        .map(SignalSettings.PriceSettings::source)
        .ifPresent(provider -> {
          calls.add(() -> List.of(price(provider, now)));
          names.add(provider.provider() + " " + provider.region() + " (price)");
        });
    checks.addAll(answers(calls, names));
    return checks;
  }

  /** All at once: a provider that hangs takes no time from another. */
  private static List<CheckBody> answers(
      List<Callable<List<CheckBody>>> calls, List<String> names) {
    List<CheckBody> checks = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<CheckBody>>> answers =
          threads.invokeAll(calls, TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      for (int i = 0; i < answers.size(); i++) {
        checks.addAll(
            switch (answers.get(i).state()) {
              case SUCCESS -> answers.get(i).resultNow();
              case FAILED ->
                  List.of(
                      CheckBody.failed(
                          CARBON, names.get(i) + ": " + answers.get(i).exceptionNow()));
              case CANCELLED, RUNNING ->
                  List.of(
                      CheckBody.failed(
                          CARBON,
                          String.format(
                              Locale.ROOT,
                              "%s: no answer within %d s",
                              names.get(i),
                              TIMEOUT.toSeconds())));
            });
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      checks.add(CheckBody.failed(CARBON, "interrupted"));
    }
    return checks;
  }

  private CheckBody noProvider() {
    String text = "no provider is configured";
    return (config.policy().weighsGrid() && config.weights().carbon() > 0
            ? CheckBody.warning(CARBON, text + ": every GPU keeps its original limit")
            : CheckBody.note(CARBON, text))
        .withRemedy(
            config
                .carbon()
                .region()
                .map(region -> new RegionAdvice().withoutProvider(region))
                .orElse("find one for your region: chase signal zones WORD"));
  }

  private static List<CheckBody> carbon(CarbonProvider provider, boolean called, Instant at)
      throws InterruptedException {
    CarbonIntensity now;
    try {
      now = provider.current();
    } catch (CarbonUnavailable failure) {
      return List.of(called ? withoutNumber(provider, failure) : noNumber(failure));
    }
    CheckBody number =
        new CheckBody(
            called ? CheckResult.OK : CheckResult.NOTE,
            CARBON,
            "%s %s: %s now, %s%s (%s, %s)"
                .formatted(
                    now.provider(),
                    now.region(),
                    now.value(),
                    period(now.validFrom(), now.validTo()),
                    age(now.age(at)),
                    now.provenance().label(),
                    now.kind().description()),
            Optional.empty());
    if (!called) {
      return List.of(number);
    }
    ProviderCheck access = provider.check();
    boolean heldBack = access.failure().equals(Optional.of(FailureReason.HELD_BACK));
    return heldBack ? List.of(number) : List.of(access(access), number);
  }

  /** Only what the provider itself said is worth another call that explains it. */
  private static CheckBody withoutNumber(CarbonProvider provider, CarbonUnavailable failure)
      throws InterruptedException {
    return switch (failure.reason()) {
      case HELD_BACK -> heldBack(CARBON, failure);
      case PROVIDER_DOWN, THROTTLED ->
          access(
              ProviderCheck.refused(
                  provider.provider(), provider.region(), failure, List.of(), Optional.empty()));
      case BAD_KEY,
          NOT_ENTITLED,
          ENDPOINT_NOT_IN_PLAN,
          UNKNOWN_REGION,
          NO_DATA,
          CLOCK_SKEW,
          MALFORMED,
          IMPLAUSIBLE -> {
        ProviderCheck access = provider.check();
        yield access.usable() ? noNumber(failure) : access(access);
      }
    };
  }

  private static CheckBody heldBack(String check, CarbonUnavailable failure) {
    return CheckBody.warning(check, "not asked now: " + failure.getMessage())
        .withRemedy("chase signal shows the last number");
  }

  private static CheckBody noNumber(CarbonUnavailable failure) {
    return CheckBody.failed(CARBON, "no number now: " + failure.getMessage());
  }

  private static CheckBody price(PriceProvider provider, Instant at) throws InterruptedException {
    try {
      EnergyPrice now = provider.current();
      return CheckBody.ok(
          PRICE,
          "%s %s: %s now, %s%s (%s)"
              .formatted(
                  now.provider(),
                  now.region(),
                  now.value(),
                  period(now.validFrom(), now.validTo()),
                  age(now.age(at)),
                  now.provenance().label()));
    } catch (CarbonUnavailable failure) {
      return failure.reason() == FailureReason.HELD_BACK
          ? heldBack(PRICE, failure)
          : CheckBody.failed(PRICE, String.valueOf(failure.getMessage()));
    }
  }

  private static CheckBody access(ProviderCheck access) {
    if (access.usable()) {
      return CheckBody.ok(CARBON, access.message());
    }
    CheckBody failed = CheckBody.failed(CARBON, ProviderCheckLog.line(access));
    return access.failure().equals(Optional.of(FailureReason.UNKNOWN_REGION))
        ? new RegionAdvice().instead(access.region()).map(failed::withRemedy).orElse(failed)
        : failed;
  }

  /** Such as {@code , which ended 7m30s ago}; nothing while the period runs. */
  private static String age(Duration age) {
    Duration seconds = age.truncatedTo(ChronoUnit.SECONDS);
    return seconds.isPositive() ? ", which ended " + Durations.format(seconds) + " ago" : "";
  }

  private static String period(Instant from, Instant to) {
    return TIME.format(from) + " to " + TIME_IN_ZONE.format(to);
  }

  /** The proxy of the providers; that it is unfit is a result of the grid already. */
  private Optional<CheckBody> proxy() {
    if (!GridSources.isNetworked(config)) {
      return Optional.empty();
    }
    try {
      return Optional.of(config.http().rules(environment))
          .filter(ProxyRules::any)
          .map(rules ->
              CheckBody.ok("proxy", "providers are reached through " + rules.description()));
    } catch (ConfigException | IllegalArgumentException e) {
      return Optional.of(CheckBody.failed("proxy", String.valueOf(e.getMessage())));
    }
  }

  /** Whose certificates are trusted; that they cannot be read is a result of the grid already. */
  private Optional<CheckBody> authorities(Instant now) {
    if (!GridSources.isNetworked(config)) {
      return Optional.empty();
    }
    try {
      return config
          .http()
          .authorities(now)
          .map(bundle ->
              CheckBody.ok(
                  "http", "providers' certificates may be signed by " + bundle.description(now)));
    } catch (ConfigException e) {
      return Optional.of(CheckBody.failed("http", String.valueOf(e.getMessage())));
    }
  }
}
