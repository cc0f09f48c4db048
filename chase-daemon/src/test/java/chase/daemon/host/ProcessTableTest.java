package chase.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessTableTest {
  private static final Instant BOOT = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path proc;

  @BeforeEach
  void aHost() throws IOException {
    Files.writeString(
        proc.resolve("stat"), "cpu  1 2 3 4\nbtime " + BOOT.getEpochSecond() + "\nprocesses 9\n");
    process(4711, "(python3)", 'R', "6000", "python3\0/home/ann/train.py\0--key\0s3cret\0");
  }

  @Test
  void aProcessHasAUserACommandAndAStart() throws IOException {
    assertThat(table().find(4711))
        .contains(
            new HostProcess(
                4711,
                Files.getOwner(proc).getName(),
                "python3 train.py",
                Duration.ofMinutes(1),
                BOOT.plusSeconds(60)));
  }

  @Test
  void aProcessThatIsNotThereHasNoAnswer() {
    assertThat(table().find(4712)).isEmpty();
    assertThat(table().find(0)).isEmpty();
    assertThat(table().find(-1)).isEmpty();
  }

  @Test
  void aCommandMayHoldBracketsAndSpaces() throws IOException {
    process(1, "(a) R 1 (b)", 'S', "100", "");
    assertThat(table().find(1).orElseThrow().command()).isEqualTo("a) R 1 (b");
    assertThat(table().find(1).orElseThrow().startedAfterBoot()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aProcessThatHasEndedAndIsNotYetBuriedIsGone() throws IOException {
    process(4711, "(python3)", 'Z', "6000", "");
    assertThat(table().find(4711)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "4711", "4711 (python3)", "4711 (python3) R 1 2 3", ") ("})
  void aLineThatIsCutHasNoAnswer(String line) throws IOException {
    Files.writeString(proc.resolve("4711/stat"), line);
    assertThat(table().find(4711)).isEmpty();
  }

  @Test
  void aStartThatIsNoNumberHasNoAnswer() throws IOException {
    process(4711, "(python3)", 'R', "soon", "");
    assertThat(table().find(4711)).isEmpty();
  }

  @Test
  void aProcessThatVanishesWhileWeLookHasNoAnswer() throws IOException {
    Files.delete(proc.resolve("4711/cmdline"));
    assertThat(table().find(4711)).isEmpty();
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() throws IOException {
    Files.write(proc.resolve("4711/cmdline"), new byte[] {'t', (byte) 0xff, (byte) 0xfe, 'x', 0});
    assertThat(table().find(4711).orElseThrow().command())
        .isEqualTo(new String(new char[] {'t', '\ufffd', '\ufffd', 'x'}));
  }

  @Test
  void idsAreTheHostsInTheFirstNamespaceOnly() throws IOException {
    assertThat(table().hasHostIds()).isFalse();
    Path link = Files.createDirectories(proc.resolve("self/ns")).resolve("pid");
    Files.createSymbolicLink(link, Path.of("pid:[4026531836]"));
    assertThat(table().hasHostIds()).isTrue();
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("pid:[4026532201]"));
    assertThat(table().hasHostIds()).isFalse();
  }

  @Test
  void theKernelsOwnTableIsReadAndAgreesWithTheJdk() {
    ProcessHandle self = ProcessHandle.current();
    HostProcess found = new ProcessTable(ProcessTable.SYSTEM).find(self.pid()).orElseThrow();
    assertThat(found.command()).startsWith("java");
    assertThat(found.user()).isEqualTo(self.info().user().orElseThrow());
    assertThat(Duration.between(found.startedAt(), self.info().startInstant().orElseThrow()).abs())
        .isLessThan(Duration.ofSeconds(2));
  }

  private ProcessTable table() {
    return new ProcessTable(proc);
  }

  /** A folder as in proc(5), with the fields of its file that come before and after. */
  private void process(long pid, String command, char state, String start, String arguments)
      throws IOException {
    Path folder = Files.createDirectories(proc.resolve(Long.toString(pid)));
    Files.writeString(
        folder.resolve("stat"),
        pid + " " + command + " " + state + " 1".repeat(18) + " " + start + " 123 456\n");
    Files.write(folder.resolve("cmdline"), arguments.getBytes(StandardCharsets.UTF_8));
  }
}
