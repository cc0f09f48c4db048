package chase.daemon.gpu.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chase.zeus.gpu.GpuId;
import chase.zeus.gpu.GpuSettings.ClockDomain;
import chase.zeus.unit.Watts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitJournalTest {
  private static final GpuId GPU = new GpuId("GPU-0");
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-23T10:00:00Z"));

  @TempDir Path directory;

  private LimitJournal open() throws StateException {
    return LimitJournal.open(StatePaths.of(directory), CLOCK);
  }

  private static Watts watts(double watts) {
    return new Watts(watts);
  }

  @Test
  void whatIsIntendedIsOnTheDiskBeforeAnythingElse() throws Exception {
    open().intend(GPU, "Card", watts(400), watts(250.5));
    assertThat(open().entry(GPU))
        .contains(
            new LimitJournal.LimitEntry(
                "Card", watts(400), List.of(watts(250.5)), CLOCK.instant()));
  }

  @Test
  void aConfirmedLimitReplacesOlderOnesOfChase() throws Exception {
    LimitJournal journal = open();
    journal.intend(GPU, "Card", watts(400), watts(300));
    journal.intend(GPU, "Card", watts(400), watts(250));
    assertThat(open().entry(GPU).orElseThrow().chaseLimits())
        .containsExactly(watts(300), watts(250));
    journal.confirm(GPU, watts(250), watts(250));
    assertThat(open().entry(GPU).orElseThrow().chaseLimits()).containsExactly(watts(250));
  }

  @Test
  void aLimitOfChaseNeverBecomesTheOriginal() throws Exception {
    LimitJournal journal = open();
    journal.intend(GPU, "Card", watts(400), watts(250));
    journal.intend(GPU, "Card", watts(250), watts(200));
    assertThat(open().entry(GPU).orElseThrow().original()).isEqualTo(watts(400));
  }

  @Test
  void anExternalLimitBecomesTheOriginal() throws Exception {
    LimitJournal journal = open();
    journal.intend(GPU, "Card", watts(400), watts(250));
    journal.intend(GPU, "Card", watts(300), watts(200));
    LimitJournal.LimitEntry entry = open().entry(GPU).orElseThrow();
    assertThat(entry.original()).isEqualTo(watts(300));
    assertThat(entry.chaseLimits()).containsExactly(watts(200));
  }

  @Test
  void aPipeIsNotReadAndCostsNoEntry() throws Exception {
    open().intend(GPU, "Card", watts(400), watts(250));
    Path journal = directory.resolve("limits.json");
    Files.delete(journal);
    assertThat(new ProcessBuilder("mkfifo", journal.toString()).start().waitFor()).isZero();
    CompletableFuture<LimitJournal> opened =
        CompletableFuture.supplyAsync(() -> {
          try {
            return open();
          } catch (StateException e) {
            throw new IllegalStateException(e);
          }
        });
    assertThat(opened)
        .succeedsWithin(Duration.ofSeconds(20))
        .extracting(found -> found.entry(GPU).orElseThrow().original())
        .isEqualTo(watts(400));
    assertThat(journal).isRegularFile();
  }

  @Test
  void theTextOfTheFilesStaysTheSame() throws Exception {
    GpuJournals journals = GpuJournals.open(directory, CLOCK);
    journals.limits().rememberOriginal(GPU, watts(400));
    journals.limits().intend(GPU, "Card \"x\"", watts(400), watts(250.5));
    journals.settings().intendLock(GPU, "Card", ClockDomain.GPU);
    journals.settings().intendPersistence(GPU, "Card", false);
    assertThat(directory.resolve("limits.json"))
        .hasContent(
            """
            {
              "version" : 1,
              "generation" : 2,
              "gpus" : {
                "GPU-0" : {"model":"Card \\"x\\"","original_milliwatts":400000,"ours_milliwatts":[250500],"at":"2026-11-23T10:00:00Z","checksum":"d57809bc"}
              },
              "checksum" : "3798479c"
            }
            """);
    assertThat(directory.resolve("originals.json"))
        .content()
        .contains("\"GPU-0\" : {\"limit_milliwatts\":400000,\"checksum\":\"295f0993\"}");
    assertThat(directory.resolve("knobs.json"))
        .content()
        .contains(
            "\"GPU-0\" : {\"model\":\"Card\",\"locked_clocks\":[\"gpu\"],"
                + "\"persistence_mode_found\":false,\"at\":\"2026-11-23T10:00:00Z\","
                + "\"checksum\":\"1e59beff\"}");
  }

  @Test
  void aDamagedEntrySaysWhatItLacks() throws Exception {
    Files.writeString(
        directory.resolve("limits.json"),
        """
        {"version": 1, "gpus": {"GPU-0":
          {"original_milliwatts": "1", "ours_milliwatts": [], "at": "2026-11-23T10:00:00Z"}}}\
        """);
    assertThat(open().file().loss().orElseThrow())
        .endsWith("(the entry of 'GPU-0' is damaged: it has no limits)");
  }

  @Test
  void aForgottenGpuIsGoneAlsoFromTheDisk() throws Exception {
    LimitJournal journal = open();
    journal.intend(GPU, "Card", watts(400), watts(250));
    journal.remove(GPU);
    assertThat(open().entries()).isEmpty();
  }

  @Test
  void threadsOfManyGpusLoseNothing() throws Exception {
    LimitJournal journal = open();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      GpuId gpu = new GpuId("GPU-" + i);
      all.add(
          CompletableFuture.runAsync(() -> {
            try {
              journal.intend(gpu, "Card", watts(400), watts(250));
            } catch (IOException e) {
              throw new IllegalStateException(e);
            }
          }));
    }
    all.forEach(CompletableFuture::join);
    assertThat(open().entries()).hasSize(16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{\"version\":1,\"gpus\":{\"GPU-0\":{}}}",
        "{\"version\":1,\"gpus\":{\"GPU-0\":{\"original_milliwatts\":-1,\"ours_milliwatts\":[],"
            + "\"at\":\"2026-11-23T10:00:00Z\"}}}",
        "{\"version\":1,\"gpus\":{\"GPU-0\":{\"original_milliwatts\":1,\"ours_milliwatts\":[\"x\"],"
            + "\"at\":\"2026-11-23T10:00:00Z\"}}}",
        "{\"version\":1,\"gpus\":{\"GPU-0\":{\"original_milliwatts\":1,\"ours_milliwatts\":null,"
            + "\"at\":\"2026-11-23T10:00:00Z\"}}}",
        "{\"version\":1,\"gpus\":{\"GPU-0\":{\"original_milliwatts\":1,\"ours_milliwatts\":[],"
            + "\"at\":\"noon\"}}}"
      })
  void aLossIsReportedAndTheFileLeftAlone(String text) throws Exception {
    Path file = Files.writeString(directory.resolve("limits.json"), text);
    LimitJournal journal = open();
    assertThat(journal.entries()).isEmpty();
    assertThat(journal.file().loss())
        .hasValueSatisfying(why ->
            assertThat(why)
                .startsWith("every copy of the journal is damaged: " + file + " (")
                .doesNotContain("\n"));
    assertThatThrownBy(() -> journal.intend(GPU, "Card", watts(400), watts(250)))
        .isInstanceOf(IOException.class);
    assertThat(file).hasContent(text);
  }

  @Test
  void onlyANewerChaseUsesItsJournal() throws Exception {
    Path file = Files.writeString(directory.resolve("limits.json"), "{\"version\":2,\"gpus\":{}}");
    assertThatThrownBy(this::open)
        .isInstanceOf(StateException.class)
        .hasMessage("a newer Chase wrote the journal %s, and only that one can use it", file);
    assertThat(file).hasContent("{\"version\":2,\"gpus\":{}}");
  }

  @Test
  void aJournalOfAChaseWithoutChecksumsIsReadAndKept() throws Exception {
    Files.writeString(
        directory.resolve("limits.json"),
        """
        {
          "version" : 1,
          "gpus" : {
            "GPU-0" : {
              "model" : "Card",
              "original_milliwatts" : 400000,
              "ours_milliwatts" : [ 250000 ],
              "at" : "2026-11-23T10:00:00Z"
            }
          }
        }
        """);
    LimitJournal.LimitEntry entry =
        new LimitJournal.LimitEntry("Card", watts(400), List.of(watts(250)), CLOCK.instant());
    assertThat(open().entries()).isEqualTo(Map.of(GPU, entry));
    assertThat(open().entries()).isEqualTo(Map.of(GPU, entry));
    assertThat(directory.resolve("limits.json")).content().contains("checksum");
  }

  @Test
  void aBlankUuidIsDamageLikeAnyOther() throws Exception {
    Files.writeString(
        directory.resolve("limits.json"),
        """
        {"version": 1, "gpus": {
          " ": {"original_milliwatts": 1, "ours_milliwatts": [], "at": "2026-11-23T10:00:00Z"},
          "GPU-0": {"original_milliwatts": 1, "ours_milliwatts": [], "at": "2026-11-23T10:00:00Z"}
        }}\
        """);
    LimitJournal journal = open();
    assertThat(journal.entries()).containsOnlyKeys(GPU);
    assertThat(journal.file().loss())
        .hasValueSatisfying(why -> assertThat(why).contains("a GPU's UUID must not be blank"));
  }

  @Test
  void theLastKnownOriginalOutlivesTheEntryAndTheStateDirectory() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    StatePaths places = new StatePaths(state, Optional.of(directory.resolve("chase.sock")));
    LimitJournal journal = LimitJournal.open(places, CLOCK);
    assertThat(journal.lastKnownOriginal(GPU)).isEmpty();
    journal.rememberOriginal(GPU, watts(400));
    journal.intend(GPU, "Card", watts(400), watts(250));
    journal.remove(GPU);
    lose(state);
    assertThat(LimitJournal.open(places, CLOCK).lastKnownOriginal(GPU)).contains(watts(400));
    assertThat(LimitJournal.open(StatePaths.of(state), CLOCK).lastKnownOriginal(GPU))
        .contains(watts(400));
  }

  @Test
  void anEntryOutlivesTheStateDirectory() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    StatePaths places = new StatePaths(state, Optional.of(directory.resolve("chase.sock")));
    LimitJournal.open(places, CLOCK).intend(GPU, "Card", watts(400), watts(250));
    lose(state);
    assertThat(LimitJournal.open(places, CLOCK).entries()).containsOnlyKeys(GPU);
  }

  @Test
  void aDirectoryThatAnyoneMayWriteHoldsNoCopy() throws Exception {
    Path open = Files.createDirectories(directory.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    StatePaths places = new StatePaths(directory, Optional.of(open.resolve("chase.sock")));
    LimitJournal.open(places, CLOCK).intend(GPU, "Card", watts(400), watts(250));
    assertThat(open).isEmptyDirectory();
  }

  @Test
  void anOldCopyIsDroppedWhereItCannotBeWritten() throws Exception {
    StatePaths places = new StatePaths(directory, Optional.of(directory.resolve("chase.sock")));
    LimitJournal journal = LimitJournal.open(places, CLOCK);
    Path second = places.runtimeCopy("limits").orElseThrow();
    assertThat(second).exists();
    Files.createDirectories(second.resolveSibling(second.getFileName() + ".new").resolve("x"));
    journal.intend(GPU, "Card", watts(400), watts(250));
    assertThat(second).doesNotExist();
  }

  private static void lose(Path state) throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void aLeftoverOfAnInterruptedWriteIsIgnored() throws Exception {
    open().intend(GPU, "Card", watts(400), watts(250));
    Files.writeString(directory.resolve("limits.json.new"), "{half");
    assertThat(open().entries()).containsOnlyKeys(GPU);
  }
}
