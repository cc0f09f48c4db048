package chase.daemon.gpu.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
  @TempDir Path directory;

  @Test
  void twoProcessesNeverHoldTheSameLock() throws Exception {
    Path state = directory.resolve("made/here");
    StateLock held = StateLock.acquire(state);
    assertThatThrownBy(() -> StateLock.acquire(state))
        .isInstanceOf(StateException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "a running Chase daemon (process %d) uses the state directory %s",
                ProcessHandle.current().pid(),
                state));
    held.close();
    StateLock.acquire(state).close();
  }

  @Test
  void aFileOfADeadProcessIsNoLock() throws Exception {
    Files.writeString(directory.resolve("chase.lock"), "1\n");
    StateLock.acquire(directory).close();
    assertThat(directory.resolve("chase.lock"))
        .hasContent(Long.toString(ProcessHandle.current().pid()));
  }

  @Test
  void anUnusableDirectoryIsNamed() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "");
    assertThatThrownBy(() -> StateLock.acquire(file))
        .isInstanceOf(StateException.class)
        .hasMessage("cannot use the state directory " + file + ": it is not a directory");
  }
}
