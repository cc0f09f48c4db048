package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import chase.daemon.api.CheckBody;
import chase.daemon.api.CheckBody.CheckResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code chase config check} finds in the files that a configuration names. */
class ConfigCheckTest {
  @TempDir Path directory;

  private List<CheckBody> findings(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("chase.yaml"), text);
    Platform platform =
        new Platform(
            Map.of(),
            Clock.systemUTC(),
            System::nanoTime,
            loops -> {
              throw new AssertionError("a check needs no event loop");
            });
    return new ConfigCheck(platform).findings(Optional.of(file));
  }

  @Test
  void aRegionWithoutAProviderIsValidAndHardlyMeant() throws Exception {
    assertThat(findings("carbon: {region: DK1}\n"))
        .extracting(CheckBody::text)
        .anyMatch(text -> text.endsWith(" is valid"))
        .contains(
            "carbon.region counts for nothing without carbon.provider: energinet serves DK1 (West"
                + " Denmark) without a key: write \"provider: energinet\" and \"region: DK1\""
                + " under carbon");
  }

  @Test
  void anEmptyFileIsCalledEmpty() throws Exception {
    assertThat(findings(" \n"))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.result()).isEqualTo(CheckResult.WARNING);
          assertThat(found.text()).contains("is empty").contains("a reload refuses it");
        });
    assertThat(findings("{}\n"))
        .singleElement()
        .extracting(CheckBody::result)
        .isEqualTo(CheckResult.OK);
  }

  @Test
  void aRegionOfAnotherProviderSaysWhose() throws Exception {
    assertThat(findings("carbon: {provider: neso, region: JP}\n"))
        .singleElement()
        .satisfies(found ->
            assertThat(found.text())
                .endsWith("is JP; JP (Japan) is served by electricity-maps (token)"));
  }

  @Test
  void aCertificateOrATokenThatIsMissingIsNamed() throws Exception {
    String text = "metrics: {tls: {certificate: c.pem, key: k.pem}, token-file: t}\n";
    assertThat(findings(text))
        .allMatch(one -> one.result() == CheckResult.FAILED)
        .extracting(CheckBody::text)
        .anyMatch(found -> found.startsWith("metrics.token-file: ") && found.contains("/t "))
        .anyMatch(found -> found.startsWith("metrics.tls: ") && found.contains("/c.pem"));
  }

  @Test
  void aCertificateThatIsNoneIsNamed() throws Exception {
    Files.writeString(directory.resolve("c.pem"), "no certificate");
    Files.writeString(directory.resolve("k.pem"), "no key");
    assertThat(findings("metrics: {tls: {certificate: c.pem, key: k.pem}}\n"))
        .singleElement()
        .satisfies(found -> {
          assertThat(found.result()).isEqualTo(CheckResult.FAILED);
          assertThat(found.text()).startsWith("metrics.tls: ").contains("c.pem");
        });
  }

  @Test
  void aSecretThatIsEmptyIsNamedOnce() throws Exception {
    Files.writeString(directory.resolve("t"), "\n");
    assertThat(findings("metrics: {token-file: t}\n"))
        .singleElement()
        .satisfies(found -> assertThat(found.text()).endsWith("/t is empty"));
  }
}
