package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalStreamTest {
  @TempDir Path directory;

  @Test
  void onlyTheStreamItselfIsTheJournal() throws Exception {
    Path stream = Files.createFile(directory.resolve("stream"));
    Path elsewhere = Files.createFile(directory.resolve("elsewhere"));
    String named = Files.getAttribute(stream, "unix:dev") + ":" + inode(stream);
    assertThat(JournalStream.is(stream, named)).isTrue();
    assertThat(JournalStream.is(elsewhere, named)).isFalse();
    assertThat(JournalStream.is(stream, "")).isFalse();
    assertThat(JournalStream.is(stream, "nonsense")).isFalse();
    assertThat(JournalStream.is(directory.resolve("none"), named)).isFalse();
  }

  private static Object inode(Path file) throws Exception {
    return Files.getAttribute(file, "unix:ino");
  }
}
