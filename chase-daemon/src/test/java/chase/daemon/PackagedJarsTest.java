package chase.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is packed is the same whatever JDK builds it. Maven runs this after it has packed; a new
 * version of a library changes the list beside the tests.
 */
class PackagedJarsTest {
  private static final Path LIBRARIES = Path.of("target", "lib");
  private static final Path EXPECTED = Path.of("src", "test", "resources", "packaged-jars.txt");

  @Test
  void theJarsAreThoseOfTheList() throws IOException {
    assertThat(LIBRARIES).as("made by mvn package").isDirectory();
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      List<String> packed = jars.map(jar -> jar.getFileName().toString()).sorted().toList();
      assertThat(packed).isEqualTo(Files.readAllLines(EXPECTED));
    }
  }
}
