package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigRefusalTest {
  private static final Path ETC = Path.of("/etc");

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedInOneLine(String text, String message) {
    assertThatThrownBy(() -> ChaseConfig.parse("chase.yaml", text, ETC, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "mode: control\ngpu:\n  bakend: nvml\n",
            "unknown key gpu.bakend in chase.yaml:3; did you mean gpu.backend?"),
        Arguments.of(
            "carbon:\n  region: null\n",
            "carbon.region in chase.yaml:2 has no value, expected a region"),
        Arguments.of(
            "state-directory: ~\n",
            "state-directory in chase.yaml:1 has no value, expected a path"),
        Arguments.of(
            "carbon:\n  neso:\n    base-url: http://me:hush@host\n",
            "carbon.neso in chase.yaml:2: base-url: must not hold a user or password"),
        Arguments.of("mod: control\n", "unknown key mod in chase.yaml:1; did you mean mode?"),
        Arguments.of(
            "control:\n  group: gpu\n",
            "control.group in chase.yaml:2 is now access.operator.groups"),
        Arguments.of(
            "access:\n  read:\n    users: [a b]\n",
            "access.read.users in chase.yaml:3: 'a b' is no name or number of one"),
        Arguments.of(
            "control:\n  password-of-the-day: x\n",
            "unknown key control.password-of-the-day in chase.yaml:2; known here: socket,"
                + " lease, remember"),
        Arguments.of(
            "carbon:\n  electricity-maps:\n    emission-type: direct\n",
            "unknown key carbon.electricity-maps.emission-type in chase.yaml:3; known here:"
                + " base-url, token-file, token-env, region, horizon-hours, calls-per-hour,"
                + " emission-factor-type"),
        Arguments.of(
            "mode: \"a\\e[2J\\nb\\u202e\"\n",
            "mode in chase.yaml:1: 'a?[2J?b?' is not one of control, observe"),
        Arguments.of(
            "log: {m" + "x".repeat(1000) + ": 1}\n",
            "unknown key log.m"
                + "x".repeat(35)
                + "..."
                + "x".repeat(40)
                + " in chase.yaml:1; known here: level"),
        Arguments.of("mode: of\n", "mode in chase.yaml:1: 'of' is not one of control, observe"),
        Arguments.of(
            "profiling: {step-watts: many}\n",
            "profiling.step-watts in chase.yaml:1: 'many' is not a number"),
        Arguments.of(
            "profiling: {step-watts: -5}\n",
            "profiling.step-watts in chase.yaml:1 must be from 1 to 10000, not -5"),
        Arguments.of(
            "profiling: {step-watts: 0.5}\n",
            "profiling.step-watts in chase.yaml:1 must be from 1 to 10000, not 0.5"),
        Arguments.of(
            "profiling: {window: 1s}\n",
            "profiling.window in chase.yaml:1 must be from 10s to 1d, not 1s"),
        Arguments.of(
            "gpu: {floor-ratio: sixty}\n",
            "gpu.floor-ratio in chase.yaml:1: 'sixty' is not a number"),
        Arguments.of(
            "gpu:\n  floor-ratio: 1.2\n",
            "gpu.floor-ratio in chase.yaml:2 must be from 0.01 to 1, not 1.2"),
        Arguments.of(
            "gpu:\n  minimum-dwell: 60\n",
            "gpu.minimum-dwell in chase.yaml:2: '60' is not"
                + " a time such as 500ms, 90s, 1h30m or 2d"),
        Arguments.of(
            "gpu:\n  hands-off: -5m\n",
            "gpu.hands-off in chase.yaml:2: '-5m' is not"
                + " a time such as 500ms, 90s, 1h30m or 2d"),
        Arguments.of(
            "gpu:\n  telemetry-period: 1ms\n",
            "gpu.telemetry-period in chase.yaml:2 must be from 100ms to 1h, not 1ms"),
        Arguments.of(
            "host: {watts-per-gpu: -5}\n",
            "host.watts-per-gpu in chase.yaml:1 must be from 0 to 10000, not -5"),
        Arguments.of(
            "host: {watts-per-gpu: 120000}\n",
            "host.watts-per-gpu in chase.yaml:1 must be from 0 to 10000, not 120000"),
        Arguments.of(
            "carbon: {provider: neso, region: GB, stand-ins: [trace]}\n",
            "carbon in chase.yaml:1: stand-ins: trace cannot stand in for neso"),
        Arguments.of(
            "carbon: {provider: neso, region: GB, stand-ins: [neso]}\n",
            "carbon in chase.yaml:1: stand-ins: neso cannot stand in for neso"),
        Arguments.of(
            "carbon: {provider: neso, region: GB, stand-ins: [watttime]}\n",
            "carbon in chase.yaml:1: watttime.username-file (or username-env) is missing, and"
                + " provider watttime needs it"),
        Arguments.of(
            "carbon: {stand-ins: [nesso]}\n",
            "carbon.stand-ins in chase.yaml:1: 'nesso' is not one of none, electricity-maps,"
                + " watttime, neso, energinet, fuel-mix, pjm, chase, energy-charts, odre,"
                + " static, trace"),
        Arguments.of(
            "carbon: {provider: energinet}\n",
            "carbon in chase.yaml:1: region is missing, and provider energinet needs it"),
        Arguments.of(
            "carbon: {provider: fuel-mix}\n",
            "carbon in chase.yaml:1: region is missing, and provider fuel-mix needs it"),
        Arguments.of(
            "carbon: {provider: pjm, region: DOM}\n",
            "carbon in chase.yaml:1: pjm.key-file (or key-env) is missing, and provider pjm needs"
                + " it"),
        Arguments.of(
            "carbon: {pjm: {margin: mean}}\n",
            "carbon.pjm.margin in chase.yaml:1: 'mean' is not one of average, marginal"),
        Arguments.of(
            "carbon: {fuel-mix: {emission-factor-type: unstated}}\n",
            "carbon.fuel-mix in chase.yaml:1: emission-factor-type must be lifecycle or direct"),
        Arguments.of(
            "carbon: {fuel-mix: {base-url: ftp://x}}\n",
            "carbon.fuel-mix in chase.yaml:1: base-url: must be http://... or https://..., is"
                + " ftp://x"),
        Arguments.of(
            "carbon: {provider: chase, region: DE}\n",
            "carbon in chase.yaml:1: chase.urls is missing, and provider chase needs it"),
        Arguments.of(
            "carbon: {provider: chase, chase: {urls: ['http://gpu-07:9478']}}\n",
            "carbon in chase.yaml:1: region is missing, and provider chase needs it"),
        Arguments.of(
            "carbon: {chase: {urls: ['gpu-07:9478']}}\n",
            "carbon.chase in chase.yaml:1: urls: must be http://... or https://..., is"
                + " gpu-07:9478"),
        Arguments.of(
            "carbon: {chase: {margin: both}}\n",
            "carbon.chase.margin in chase.yaml:1: 'both' is not one of average, marginal"),
        Arguments.of(
            "carbon: {provider: energy-charts}\n",
            "carbon in chase.yaml:1: region is missing, and provider energy-charts needs it"),
        Arguments.of(
            "carbon: {provider: odre}\n",
            "carbon in chase.yaml:1: region is missing, and provider odre needs it"),
        Arguments.of(
            "carbon: {neso: {calls-per-hour: 1}}\n",
            "carbon.neso.calls-per-hour in chase.yaml:1 must be from 5 to 36000, not 1"),
        Arguments.of(
            "carbon: {watttime: {latitude: 12}}\n",
            "carbon.watttime in chase.yaml:1: latitude and longitude belong together"),
        Arguments.of(
            "price: {provider: energinet}\n",
            "price in chase.yaml:1: region is missing, and provider energinet needs it"),
        Arguments.of(
            "price: {currency: EURO}\n",
            "price.currency in chase.yaml:1: 'EURO' is not an ISO 4217 currency such as EUR"),
        Arguments.of(
            "weights: {price: 1}\n",
            "weights in chase.yaml:1: price is above 0, but price.provider is none"),
        Arguments.of(
            "weights: {carbon: 0}\n",
            "weights in chase.yaml:1: carbon and price must not both be 0"),
        Arguments.of(
            "weights: {price: 1}\nprice: {provider: trace, trace: {file: p.csv}}\n",
            "weights in chase.yaml:1: carbon is above 0, but carbon.provider is none; set it to 0"),
        Arguments.of(
            "price: {provider: trace}\n",
            "price in chase.yaml:1: trace.file is missing, and provider trace needs it"),
        Arguments.of(
            "price: {reference: 0}\n",
            "price.reference in chase.yaml:1 must be from 0.001 to 1000000, not 0"),
        Arguments.of(
            "carbon: {reference: -1}\n",
            "carbon.reference in chase.yaml:1 must be from 0.001 to 1000000, not -1"),
        Arguments.of(
            "carbon: {plan-ahead: 0s}\n",
            "carbon.plan-ahead in chase.yaml:1 must be from 1s to 14d, not 0s"),
        Arguments.of(
            "policy: fastest\n",
            "policy in chase.yaml:1: policy 'fastest': not one of"
                + " max, fixed:WATTS, zeus:ETA, chase:ETA[:REFERENCE] or budget:BOUND"),
        Arguments.of(
            "metrics:\n  port: 70000\n",
            "metrics.port in chase.yaml:2 must be from 0 to 65535, not 70000"),
        Arguments.of(
            "metrics:\n  enabled: perhaps\n",
            "metrics.enabled in chase.yaml:2: 'perhaps' is not true or false"),
        Arguments.of(
            "carbon:\n  region:\n",
            "carbon.region in chase.yaml:2 has no value, expected a region"),
        Arguments.of(
            "carbon:\n  trace: {start: yesterday}\n",
            "carbon.trace.start in chase.yaml:2: 'yesterday' is not"
                + " a time such as 2021-01-01T00:00:00Z"),
        Arguments.of(
            "carbon:\n  trace: {speed: 0}\n",
            "carbon.trace.speed in chase.yaml:2 must be from 0.001 to 1000000, not 0"),
        Arguments.of(
            "carbon:\n  watttime: {base-url: api.watttime.org}\n",
            "carbon.watttime in chase.yaml:2:"
                + " base-url: must be http://... or"
                + " https://..., is api.watttime.org"),
        Arguments.of(
            "carbon:\n  max-age: 1m\n",
            "carbon in chase.yaml:1: max-age must not be below poll-period"),
        Arguments.of(
            "carbon:\n  provider: trace\n",
            "carbon in chase.yaml:1: trace.file is missing, and provider trace needs it"),
        Arguments.of(
            "carbon:\n  provider: electricity-maps\n  region: DE\n",
            "carbon in chase.yaml:1: electricity-maps.token-file (or token-env) is missing,"
                + " and provider electricity-maps needs it"),
        Arguments.of(
            "carbon:\n  provider: watttime\n",
            "carbon in chase.yaml:1: region is missing, and provider watttime needs it"),
        Arguments.of(
            "carbon:\n  electricity-maps:\n    token: s3cret\n",
            "carbon.electricity-maps.token in chase.yaml:3:"
                + " a secret must not stand in this file; use token-file or token-env"),
        Arguments.of(
            "carbon:\n  electricity-maps:\n    token-file: a\n    token-env: B\n",
            "carbon.electricity-maps.token-env in chase.yaml:4:"
                + " use either token-file or token-env"),
        Arguments.of(
            "mode: control\nmode: observe\n", "mode in chase.yaml:2 stands there a second time"),
        Arguments.of("gpu: nvml\n", "gpu in chase.yaml:1 must hold keys with values"),
        Arguments.of(
            "gpu:\n  backend: [nvml]\n",
            "gpu.backend in chase.yaml:2 has keys or a list, expected one of nvml, simulated"),
        Arguments.of("- mode\n", "chase.yaml:1: expected keys with values"),
        Arguments.of(
            "mode: control\n---\nmode: observe\n",
            "chase.yaml:3: a second YAML document begins here"),
        Arguments.of(
            "mode: control\n  gpu: x\n",
            "chase.yaml:2: not valid YAML: mapping values are not allowed here"));
  }

  /** Each of these once overflowed later: in a timer, in a division, or at the end of time. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gpu.minimum-dwell                    | 99999999d      | from 0s to 1d
          gpu.hands-off                        | 999999999d     | from 0s to 30d
          gpu.retry-after                      | 0s             | from 100ms to 1d
          gpu.telemetry-period                 | 999999999h     | from 100ms to 1h
          gpu.call-deadline                    | PT1000000000H  | from 100ms to 1h
          gpu.floor-ratio                      | 1e-320         | from 0.01 to 1
          gpu.floor-ratio                      | NaN            | from 0.01 to 1
          host.watts-per-gpu                   | Infinity       | from 0 to 10000
          jobs.silence                         | 999999999d     | from 1s to 366d
          jobs.process-period                  | 367d           | from 10s to 1d
          profiling.window                     | 99999999d      | from 10s to 1d
          profiling.step-watts                 | 1e308          | from 1 to 10000
          batch-sizes.silence                  | 999999999d     | from 1s to 366d
          batch-sizes.zeus-api.port            | -1             | from 0 to 65535
          ledger.retention                     | 999999999d     | from 1d to 36500d
          control.lease                        | 999999999d     | from 1s to 30d
          carbon.poll-period                   | 999999999d     | from 1s to 1d
          carbon.max-age                       | 999999999d     | from 0s to 30d
          carbon.reference                     | 1e-320         | from 0.001 to 1000000
          carbon.reference-window              | 999999999d     | from 1s to 366d
          carbon.plan-ahead                    | 999999999d     | from 1s to 14d
          carbon.neso.calls-per-hour           | 2147483647     | from 5 to 36000
          carbon.watttime.latitude             | 1e308          | from -90 to 90
          carbon.trace.speed                   | 1e-320         | from 0.001 to 1000000
          carbon.trace.start                   | -1000000000-01-01T00:00:00Z | from 1970-01-01T00:00:00Z to 2200-01-01T00:00:00Z
          price.poll-period                    | 999999999d     | from 1s to 1d
          price.max-age                        | 999999999d     | from 0s to 30d
          price.reference                      | 1e-320         | from 0.001 to 1000000
          price.reference-window               | 0s             | from 1s to 366d
          price.trace.speed                    | 1e300          | from 0.001 to 1000000
          weights.carbon                       | 1e300          | from 0 to 1000000
          weights.price                        | -0.1           | from 0 to 1000000
          """)
  void anExtremeValueIsRefusedWithItsLineAndRange(String key, String value, String range) {
    assertThatThrownBy(() -> ChaseConfig.parse("chase.yaml", yaml(key, value), ETC, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "%s in chase.yaml:%d must be %s, not %s",
                key,
                key.split("\\.", -1).length,
                range,
                value));
  }

  @Test
  void aTimeLongerThanTimeItselfIsNoTime() {
    assertThatThrownBy(() ->
            ChaseConfig.parse(
                "chase.yaml", "gpu: {hands-off: P106751991167300DT24H}\n", ETC, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("gpu.hands-off in chase.yaml:1");
  }

  @Test
  void aWeightNextToNothingIsRefused() {
    assertThatThrownBy(
            () -> ChaseConfig.parse("chase.yaml", "weights: {carbon: 1e-320}\n", ETC, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("weights in chase.yaml:1: carbon must be 0, or 0.000001 or more");
  }

  /** Such as {@code a:} and, a line below and further in, {@code b: VALUE}. */
  private static String yaml(String key, String value) {
    String[] words = key.split("\\.", -1);
    StringBuilder yaml = new StringBuilder();
    for (int depth = 0; depth < words.length; depth++) {
      yaml.append("  ".repeat(depth)).append(words[depth]).append(":");
      yaml.append(depth == words.length - 1 ? " \"" + value + "\"\n" : "\n");
    }
    return yaml.toString();
  }
}
