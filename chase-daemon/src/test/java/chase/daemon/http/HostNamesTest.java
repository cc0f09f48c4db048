package chase.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
  private final HostNames names =
      new HostNames("gpu01.cluster.example", List.of("chase.example.org", ".lab.example"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.0.0.1:9478",
        "10.1.2.3:80",
        "[::1]:9478",
        "[fe80::1%25eth0]",
        "localhost",
        "LOCALHOST:9478",
        "demo.localhost:1",
        "gpu01",
        "gpu01.cluster.example:9478",
        "gpu01.cluster.example.",
        "chase.example.org",
        "a.lab.example",
        "a.b.lab.example:9478"
      })
  void addressesAndTheHostsNamesAreAnswered(String host) {
    assertThat(names.refusal(List.of(host))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evillocalhost",
        "gpu01.evil.example",
        "cluster.example",
        "lab.example",
        "evil.example:9478",
        "",
        ":9478",
        "0x7f.1",
        "a b",
        "[evil]",
        "127.0.0.1:9478:1x"
      })
  void anythingElseIsRefusedByName(String host) {
    assertThat(names.refusal(List.of(host)).orElseThrow())
        .contains("is no known name of this host")
        .contains("metrics.allowed-hosts");
  }

  @Test
  void aRefusalIsOneShortPrintableLine() {
    assertThat(names.refusal(List.of("\u001b[31m" + "x".repeat(5_000) + "\n")).orElseThrow())
        .hasSizeLessThan(250)
        .matches("[\\x20-\\x7e]*");
  }

  @Test
  void twoHostsAreOneTooMany() {
    assertThat(names.refusal(List.of("localhost", "evil.example")))
        .contains("the request has several Host headers");
  }

  @Test
  void aProgramThatSendsNoHostIsAnswered() {
    assertThat(names.refusal(List.of())).isEmpty();
  }
}
