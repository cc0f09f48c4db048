package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PathStateTest {
  @TempDir Path directory;

  @Test
  void whatIsThereIsPresent() {
    assertThat(PathState.of(directory)).isEqualTo(PathState.PRESENT);
  }

  @Test
  void whatIsNotThereIsMissing() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertThat(PathState.of(directory.resolve("none"))).isEqualTo(PathState.MISSING);
    assertThat(PathState.of(file.resolve("below a file"))).isEqualTo(PathState.MISSING);
  }

  /** Root may enter every directory; the check of an installation does this as another user. */
  @Test
  void whatLiesInADirectoryThatMayNotBeEnteredIsForbiddenAndNotMissing() throws Exception {
    assumeTrue(!System.getProperty("user.name").equals("root"), "root may enter everything");
    Path closed = Files.createDirectory(directory.resolve("closed"));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    assertThat(PathState.of(closed.resolve("none"))).isEqualTo(PathState.FORBIDDEN);
  }

  @Test
  void theGroupThatMayIsNamedAndRootsGroupNever() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-x---"));
    String group = Files.readAttributes(directory, PosixFileAttributes.class).group().getName();
    assertThat(PathState.remedy(directory.resolve("none"), "ada"))
        .isEqualTo(
            group.equals("root")
                ? "use sudo"
                : "join the group %s (sudo usermod -aG %s ada, log in again)"
                    .formatted(group, group));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertThat(PathState.remedy(directory, "ada")).isEqualTo("use sudo");
  }
}
