package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.batchsize.SearchMethod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchSizesConfigTest {
  @TempDir Path directory;

  private BatchSizesConfig parse(String text) throws ConfigException {
    return ChaseConfig.parse("chase.yaml", "batch-sizes: " + text, directory, Map.of())
        .batchSizes();
  }

  @Test
  void zeusApiIsOffAndLocal() throws Exception {
    BatchSizesConfig usual = parse("{}");
    assertThat(usual.zeusApi())
        .isEqualTo(
            new BatchSizesConfig.ZeusApiConfig(
                false, "127.0.0.1", 9479, SearchMethod.CHASE, TlsConfig.NONE, Optional.empty()));
    assertThat(usual.silence()).isEqualTo(Duration.ofDays(1));
    assertThat(usual.database()).isEmpty();
  }

  @Test
  void aDatabasesPasswordComesFromAFile() throws Exception {
    Files.writeString(directory.resolve("secret"), "s3cret\n");
    BatchSizesConfig config =
        parse("{database: 'jdbc:postgresql://db/chase', password-file: secret, silence: 2h}");
    assertThat(config.toString()).doesNotContain("s3cret");
    assertThat(BatchSizesConfig.secret(config.password(), Map.of())).contains("s3cret");
    assertThat(BatchSizesConfig.secret(Optional.empty(), Map.of())).isEmpty();
    assertThatThrownBy(() ->
            BatchSizesConfig.secret(
                parse("{database: 'jdbc:postgresql://db/chase', user-env: NOBODY_SET}").user(),
                Map.of()))
        .hasMessage("batch-sizes.user-env: the environment variable NOBODY_SET is not set");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{database: 'jdbc:mysql://db/chase'}; database must begin with jdbc:postgresql://",
        "{database: 'jdbc:postgresql://db/c?password=x'}; database must not hold a password",
        "{database: 'jdbc:postgresql://db/c', password: x}; a secret must not stand in this file",
        "{password-file: secret}; user and password are for a database",
        "{silence: 0s}; silence in chase.yaml:1 must be from 1s to 366d",
        "{zeus-api: {port: 70000}}; port in chase.yaml:1 must be from 0 to 65535",
        "{zeus-api: {method: best}}; 'best' is not one of chase, zeus",
        "{zeus_api: {}}; unknown key batch-sizes.zeus_api",
      })
  void whatMakesNoSenseIsRefusedByName(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("batch-sizes")
        .hasMessageContaining(message);
  }
}
