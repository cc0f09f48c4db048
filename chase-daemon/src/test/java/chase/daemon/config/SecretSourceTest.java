package chase.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretSourceTest {
  @TempDir Path directory;

  private SecretSource inFile(String name) {
    return new SecretSource.InFile("carbon.token-file", directory.resolve(name));
  }

  @Test
  void aFilesSecretComesWithoutTheSpaceAroundIt() throws Exception {
    Files.writeString(directory.resolve("token"), "  s3cret\r\n");
    assertThat(inFile("token").read(Map.of())).isEqualTo("s3cret");
  }

  @Test
  void anUnusableFileIsNamed() throws Exception {
    Files.writeString(directory.resolve("empty"), " \n");
    assertThatThrownBy(() -> inFile("empty").read(Map.of()))
        .hasMessage("carbon.token-file: " + directory.resolve("empty") + " is empty");
    assertThatThrownBy(() -> inFile("absent").read(Map.of()))
        .hasMessage("carbon.token-file: " + directory.resolve("absent") + " does not exist");
    assertThatThrownBy(() -> inFile(".").read(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("carbon.token-file: cannot read " + directory.resolve("."));
  }

  @Test
  void aVariablesSecretIsReadAndAMissingOneNamed() throws Exception {
    SecretSource source = new SecretSource.InVariable("carbon.token-env", "CHASE_TOKEN");
    assertThat(source.read(Map.of("CHASE_TOKEN", "s3cret\n"))).isEqualTo("s3cret");
    assertThatThrownBy(() -> source.read(Map.of("CHASE_TOKEN", " ")))
        .hasMessage("carbon.token-env: the environment variable CHASE_TOKEN is not set");
  }
}
