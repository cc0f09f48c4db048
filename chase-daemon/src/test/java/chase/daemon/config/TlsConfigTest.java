package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.daemon.fixtures.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener needs where other hosts reach it. */
class TlsConfigTest {
  private static final String TLS = "tls: {certificate: a.crt, key: a.key}";

  @TempDir Path directory;

  private ChaseConfig parse(String text) throws ConfigException {
    return ChaseConfig.parse("chase.yaml", text, directory, Map.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "localhost", "'::1'"})
  void loopbackNeedsNeither(String host) throws Exception {
    assertThat(parse("metrics: {host: " + host + "}").metrics().tls().enabled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "'::'", "192.0.2.7", "gpu01", "localhost.example.org", "127.0.0.1.x"})
  void anyOtherAddressTakesBoth(String host) throws Exception {
    String listener = "host: " + host + ", ";
    for (String part : new String[] {"", TLS, "token-file: t"}) {
      assertThatThrownBy(() -> parse("metrics: {" + listener + part + "}"))
          .hasMessageContaining("metrics.host in chase.yaml:1: other hosts reach ")
          .hasMessageContaining("tls.certificate, tls.key and token-file");
      assertThatThrownBy(
              () -> parse("batch-sizes: {zeus-api: {enabled: true, " + listener + part + "}}"))
          .hasMessageContaining("batch-sizes.zeus-api.host in chase.yaml:1: other hosts reach ");
    }
    assertThat(parse("metrics: {" + listener + TLS + ", token-env: T}").metrics().tls().scheme())
        .isEqualTo("https");
  }

  @Test
  void aListenerThatIsOffNeedsNothing() throws Exception {
    assertThat(parse("metrics: {enabled: false, host: 0.0.0.0}").metrics().enabled()).isFalse();
    assertThat(parse("batch-sizes: {zeus-api: {host: 0.0.0.0}}").batchSizes().zeusApi().enabled())
        .isFalse();
  }

  @Test
  void certificateAndKeyGoTogether() {
    assertThatThrownBy(() -> parse("metrics: {tls: {certificate: a.crt}}"))
        .hasMessage("metrics.tls in chase.yaml:1: certificate and key go together");
  }

  @Test
  void theTokenNeverStandsInTheFile() {
    assertThatThrownBy(() -> parse("metrics: {token: 0123456789abcdef}"))
        .hasMessageContaining("a secret must not stand in this file")
        .hasMessageNotContaining("0123456789abcdef");
  }

  @Test
  void whatCannotBeReadIsNamedAndNotQuoted() throws Exception {
    TestCertificates made = TestCertificates.make(directory, "a", "EC");
    ChaseConfig config = parse("metrics: {" + TLS + ", token-file: t}");
    assertThatThrownBy(() -> config.metrics().credentials(Map.of()))
        .isInstanceOf(ConfigException.Transient.class)
        .hasMessage("metrics.token-file: " + directory.resolve("t") + " does not exist");
    Files.writeString(directory.resolve("t"), "s3cret\n");
    assertThatThrownBy(() -> config.metrics().credentials(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("metrics.token-file: " + directory.resolve("t") + ": a token has ")
        .hasMessageNotContaining("s3cret");
    Files.writeString(directory.resolve("t"), "0123456789abcdef\n");
    assertThat(config.metrics().credentials(Map.of()).certificate().orElseThrow().notAfter())
        .isEqualTo(made.notAfter());
    Files.delete(made.key());
    assertThatThrownBy(() -> config.metrics().credentials(Map.of()))
        .isInstanceOf(ConfigException.Transient.class)
        .hasMessage("metrics.tls: " + made.key() + " does not exist");
    Files.writeString(made.key(), "s3cret");
    assertThatThrownBy(() -> config.metrics().credentials(Map.of()))
        .isNotInstanceOf(ConfigException.Transient.class)
        .hasMessageStartingWith("metrics.tls: " + made.certificate() + " and " + made.key())
        .hasMessageNotContaining("s3cret");
  }
}
